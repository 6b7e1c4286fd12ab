/**
 * RepVGG: Making VGG-style ConvNets Great Again. https://arxiv.org/abs/2101.03697
 * Trained with three branches per block, served with the single 3×3 convolution that they add up to
 * (models/checkpoints/reparameterize.ts converts the weights).
 * Upstream: nanodet/model/backbone/repvgg.py, nanodet/model/module/conv.py (RepVGGConvModule)
 */
import { z } from 'zod'
import { relu } from '../nn/activations.ts'
import { NetworkError } from '../nn/errors.ts'
import type { Backbone } from '../nn/feature.ts'
import { batchNorm, conv2d, named, sequential } from '../nn/layers.ts'
import { LIMITS, whole } from '../nn/limits.ts'
import * as op from '../nn/ops.ts'
import type { Layer } from '../nn/scope.ts'
import { backboneSpec } from '../nn/spec.ts'
import { stagedBackbone } from '../nn/stages.ts'

export const REPVGG_VARIANTS = ['A0', 'A1', 'A2'] as const
export type RepVggVariant = typeof REPVGG_VARIANTS[number]

const STEM_STRIDE = 2
const STAGE_REPEATS = [2, 4, 14, 1]
/** Channels of the stages 0 … 4: the paper's table 3. */
const CHANNELS: Record<RepVggVariant, readonly [stem: number, ...stages: number[]]> = {
  A0: [48, 48, 96, 192, 1280],
  A1: [64, 64, 128, 256, 1280],
  A2: [64, 96, 192, 384, 1408]
}

export interface RepVggOptions {
  variant: RepVggVariant
  /** Channels of stage 4; the paper's if left out. */
  lastChannels?: number
  /** Three branches per block, or the convolution that they add up to. */
  form?: 'train' | 'deploy'
  act?: Layer
  /** Which of the stages 1 … 4 (strides 4, 8, 16 and 32) are returned. */
  outStages?: readonly number[]
}

/**
 * `[N, 3, H, W]` → the features of the requested stages.
 * @throws NetworkError if the form is `train` and the checkpoint has folded batch norms: an identity can't absorb one
 */
export function repVgg ({ variant, lastChannels, form = 'deploy', act = relu, outStages = [2, 3, 4] }: RepVggOptions): Backbone {
  const [stemChannels, ...channels] = CHANNELS[variant]
  const body = form === 'train' ? branches : reparam
  const stages = channels.with(-1, lastChannels ?? channels.at(-1)!).map((out, i) => {
    const blocks = Array.from({ length: STAGE_REPEATS[i]! }, (_, k) => block(body(out, k === 0 ? 2 : 1), act))
    return { number: i + 1, stride: 2, layer: named(`stage${i + 1}`, sequential(...blocks)) }
  })
  return stagedBackbone({ stride: STEM_STRIDE, layer: named('stage0', block(body(stemChannels, STEM_STRIDE), act)) }, stages, outStages)
}

export const repVggSpec = backboneSpec({
  name: 'repvgg',
  options: { variant: z.enum(REPVGG_VARIANTS), last_channels: whole(LIMITS.channels).exactOptional() },
  outStages: [2, 3, 4],
  upstream: {
    name: 'RepVGG',
    act: 'ReLU',
    read (keys) {
      keys.flag('deploy', false) // checkpoints of both forms are read
      const isSet = keys.raw('last_channel', null) !== null
      return {
        variant: keys.oneOf('arch', REPVGG_VARIANTS),
        outStages: keys.numbers('out_stages', [1, 2, 3, 4]),
        ...(isSet && { lastChannels: keys.wholeNumber('last_channel', LIMITS.channels) })
      }
    }
  },
  build: (options, act) => repVgg({ ...options, act })
})

const block = (body: Layer, act: Layer): Layer => (x, scope) => act(body(x, scope), scope.at('act'))

const reparam = (out: number, stride: 1 | 2): Layer => (x, scope) =>
  scope.apply('rbr_reparam', conv2d(out, 3, { stride, bias: true }), x)

/** A 3×3 and a 1×1 convolution and, if the shape stays the same, the input itself, each with its own norm. */
const branches = (out: number, stride: 1 | 2): Layer => (x, scope) => {
  if (scope.folded) throw new NetworkError('RepVGG\'s training form can\'t be built with folded batch norms')
  const dense = scope.apply('rbr_dense', sequential(conv2d(out, 3, { stride }), batchNorm()), x)
  const sum = op.add(dense, scope.apply('rbr_1x1', sequential(conv2d(out, 1, { stride }), batchNorm()), x))
  return stride === 1 && x.channels === out ? op.add(sum, scope.apply('rbr_identity', batchNorm(), x)) : sum
}
