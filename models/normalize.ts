import * as op from '../nn/ops.ts'
import { floats, type Tensor } from '../nn/tensor.ts'
import type { Normalization } from './config.ts'

/** Pixels as decoders give them, uint8 `[N, H, W, 3]` RGB → what networks are trained on, float32 `[N, 3, H, W]`. */
export function normalize (pixels: Tensor, { channelOrder, mean, std }: Normalization): Tensor {
  const planes = op.transpose(op.toFloat(pixels), [0, 3, 1, 2]) // [N, 3, H, W]
  const ordered = channelOrder === 'BGR' ? op.gather(planes, [2, 1, 0], 1) : planes
  return op.mul(op.sub(ordered, perChannel(mean)), perChannel(std.map(value => 1 / value)))
}

const perChannel = (values: readonly number[]): Tensor => floats([1, values.length, 1, 1], Float32Array.from(values))
