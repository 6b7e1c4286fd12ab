import * as op from '../nn/ops.ts'
import { floats, type Tensor } from '../nn/tensor.ts'
import type { Normalization } from './config.ts'

/** ImageNet's statistics, 255 · (0.485, 0.456, 0.406) and 255 · (0.229, 0.224, 0.225) in RGB, for classifiers. */
export const IMAGENET_RGB: Normalization = { channelOrder: 'RGB', mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] }
/** The same for NanoDet. */
export const IMAGENET_BGR: Normalization = { channelOrder: 'BGR', mean: [103.53, 116.28, 123.675], std: [57.375, 57.12, 58.395] }

/** Decoded pixels, uint8 `[N, H, W, 3]` RGB → the input that networks were trained on, float32 `[N, 3, H, W]`. */
export function normalize (pixels: Tensor, { channelOrder, mean, std }: Normalization): Tensor {
  const planes = op.transpose(op.toFloat(pixels), [0, 3, 1, 2]) // [N, 3, H, W]
  const ordered = channelOrder === 'BGR' ? op.gather(planes, [2, 1, 0], 1) : planes
  return op.mul(op.sub(ordered, perChannel(mean)), perChannel(std.map(value => 1 / value)))
}

const perChannel = (values: readonly number[]): Tensor => floats([1, values.length, 1, 1], Float32Array.from(values))
