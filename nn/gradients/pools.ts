import { GradientError } from '../errors.ts'
import { node } from '../node.ts'
import * as op from '../ops.ts'
import { floats, scalar, type Tensor } from '../tensor.ts'
import { expand } from './broadcasting.ts'
import { geometryOf, outputPadding } from './geometry.ts'
import { maxPoolGradient } from './max-pool.ts'
import { single, sizesOf, type Rules } from './rule.ts'

export const POOL_RULES: Rules = {
  /** y = the maximum of each window: g to its place */
  MaxPool: single((g, pool) => maxPoolGradient(pool, g)),
  /** y = the mean of each k×k window: g/k² to all of its places, a transposed convolution */
  AveragePool: single((g, pool) => {
    const [x] = pool.inputs as [Tensor]
    const { kernel, padding, stride } = geometryOf(pool)
    if (padding > 0 && pool.attributes['count_include_pad'] !== 1) throw new GradientError('AveragePool without its padding')
    const shares = floats([x.channels, 1, kernel, kernel], new Float32Array(x.channels * kernel * kernel).fill(1 / kernel ** 2))
    return node('ConvTranspose', [g, shares], x.shape, {
      group: x.channels,
      kernel_shape: [kernel, kernel],
      pads: Array(4).fill(padding),
      strides: [stride, stride],
      output_padding: outputPadding(pool)
    })
  }),
  /** y = the mean of H×W values: g/(H·W) to each */
  GlobalAveragePool: single((g, { inputs: [x] }) => {
    const [, , height, width] = sizesOf(x!) as [number, number, number, number]
    return expand(op.mul(g, scalar(1 / (height * width))), sizesOf(x!))
  })
}
