/**
 * TAN, Transformer Attention Network, nanodet-t's neck: all levels are joined at the resolution of the middle one, where every cell attends
 * to every other cell; the result is added to each level. Upstream: nanodet/model/fpn/tan.py
 */
import { relu } from '../nn/activations.ts'
import { convModule } from '../nn/blocks/conv-module.ts'
import { transformerEncoder } from '../nn/blocks/transformer.ts'
import { isNumber } from '../nn/dim.ts'
import { NetworkError, ShapeError } from '../nn/errors.ts'
import type { Feature, Neck } from '../nn/feature.ts'
import { conv2d, sequential } from '../nn/layers.ts'
import { LIMITS, whole } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { neckSpec } from '../nn/spec.ts'
import type { Tensor } from '../nn/tensor.ts'
import { addResized, resized, tapLevels } from './fpn.ts'

export interface TanOptions {
  outChannels: number
  /** Attention heads; must divide the channels. */
  heads: number
  /** Number of encoders in sequence. */
  encoders: number
  /** Hidden channels of the encoders' perceptrons, as a multiple of `outChannels`. */
  mlpRatio: number
  act: Layer
}

/**
 * Three features of any widths → as many of `outChannels`: `[N, out, H/stride, W/stride]`, tapped as `p3`, `p4` …
 * Every cell of the middle level has a learned position, so a checkpoint supports only one input size.
 * @throws NetworkError if there are not three levels, or the size of the middle one is symbolic
 */
export function tan (options: TanOptions): Neck {
  return (features, scope) => {
    if (features.length !== 3) throw new NetworkError(`tan: needs three levels, found ${features.length}`)
    const convs = scope.at('lateral_convs')
    const lateral = convModule(options.outChannels, { kernel: 1, act: options.act })
    const levels = features.map((feature, i) => ({ ...feature, tensor: convs.apply(i, lateral, feature.tensor) }))
    const middle = levels[1]!
    const joined = op.concat(levels.map(level => resized(level, middle.stride)))
    const positions = scope.param('pos_embed', [cellsOf(joined), 1, options.outChannels])
    const context: Feature = { ...middle, tensor: scope.apply('transformer', transformer(positions, options), joined) }
    return tapLevels(levels.map(level => addResized(level, context)), scope)
  }
}

export const tanSpec = neckSpec({
  name: 'tan',
  options: {
    heads: whole(LIMITS.heads).default(8),
    encoders: whole(LIMITS.encoders).default(1),
    mlp_ratio: whole(LIMITS.mlpRatio).default(4)
  },
  upstream: {
    name: 'TAN',
    act: 'LeakyReLU',
    read: keys => ({
      outChannels: keys.wholeNumber('out_channels', LIMITS.channels),
      heads: keys.wholeNumber('num_heads', LIMITS.heads),
      encoders: keys.wholeNumber('num_encoders', LIMITS.encoders),
      mlpRatio: keys.wholeNumber('mlp_ratio', LIMITS.mlpRatio)
    }),
    checkLevels: (keys, levels) => keys.only('feature_hw', levels[1]!.tensor.shape.slice(2))
  },
  build: (options, act) => tan({ ...options, act })
})

/** Turns cells into tokens and back: `[N, C, H, W]` → `[N, out, H, W]`. */
function transformer (positions: Tensor, { outChannels, encoders, ...options }: TanOptions): Layer {
  const encode = sequential(...Array.from({ length: encoders }, () => transformerEncoder(options)))
  return (x, scope) => {
    const reduced = scope.apply('conv', reduce(outChannels), x)
    const tokens = op.transpose(op.flatten(reduced, 2, 3), [0, 2, 1]) // [N, H·W, out]
    const encoded = scope.apply('encoders', encode, op.add(tokens, op.transpose(positions, [1, 0, 2])))
    return op.unflatten(op.transpose(encoded, [0, 2, 1]), x.shape.slice(2) as number[])
  }
}

/** Always ReLU, as upstream, whatever the network's activation. */
const reduce = (out: number): Layer => (x, scope) => relu(scope.apply('conv', conv2d(out, 1, { bias: true }), x), scope)

function cellsOf (x: Tensor): number {
  const [height, width] = [x.dim(2), x.dim(3)]
  if (!isNumber(height) || !isNumber(width)) throw new ShapeError('tan', 'positions need a known input size', x.shape)
  return height * width
}
