/**
 * The encoder of Attention Is All You Need, https://arxiv.org/abs/1706.03762, with the norms before the layers
 * (https://arxiv.org/abs/2002.04745). Parameters are named as torch.nn.MultiheadAttention and NanoDet name them.
 * Upstream: nanodet/model/module/transformer.py (TransformerEncoder)
 */
import { ShapeError } from '../errors.ts'
import { layerNorm, linear } from '../layers.ts'
import * as op from '../ops.ts'
import type { Layer } from '../scope.ts'
import { scalar, type Tensor } from '../tensor.ts'

export interface TransformerEncoderOptions {
  /** Number of attention heads; it must divide the channels. */
  heads: number
  /** Hidden channels of the perceptron, as a multiple of the channels. */
  mlpRatio: number
  act: Layer
}

/**
 * Attention, then a perceptron, each with a residual connection: `[N, tokens, C]` → the same.
 * @throws ShapeError if the heads do not divide the channels
 */
export function transformerEncoder ({ heads, mlpRatio, act }: TransformerEncoderOptions): Layer {
  return (x, scope) => {
    x = op.add(x, scope.apply('attn', selfAttention(heads), scope.apply('norm1', layerNorm, x)))
    return op.add(x, scope.apply('mlp', perceptron(mlpRatio, act), scope.apply('norm2', layerNorm, x)))
  }
}

/** softmax(Q·Kᵀ / √d)·V, with d channels per head. */
function selfAttention (heads: number): Layer {
  return (x, scope) => {
    const channels = Number(x.dim(2))
    if (channels % heads !== 0) throw new ShapeError('attention', `${heads} heads do not divide the channels`, x.shape)
    const projection = [scope.param('in_proj_weight', [3 * channels, channels]), scope.param('in_proj_bias', [3 * channels])] as const
    const projected = op.split(op.linear(x, ...projection), [channels, channels, channels], 2)
    const [query, key, value] = projected.map(part => byHead(part, heads)) as [Tensor, Tensor, Tensor]
    const similarity = op.mul(op.matmul(query, op.transpose(key, [0, 1, 3, 2])), scalar(1 / Math.sqrt(channels / heads)))
    const attended = op.transpose(op.matmul(op.softmax(similarity), value), [0, 2, 1, 3]) // [N, tokens, heads, d]
    return scope.apply('out_proj', linear(channels), op.flatten(attended, 2, 3))
  }
}

/** `[N, tokens, C]` → `[N, heads, tokens, C / heads]` */
const byHead = (x: Tensor, heads: number): Tensor =>
  op.transpose(op.unflatten(x, [heads, Number(x.dim(2)) / heads]), [0, 2, 1, 3])

const perceptron = (ratio: number, act: Layer): Layer => (x, scope) => {
  const channels = Number(x.dim(2))
  const hidden = scope.apply('act', act, scope.apply('fc1', linear(channels * ratio), x))
  return scope.apply('fc2', linear(channels), hidden)
}
