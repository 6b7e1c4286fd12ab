import { node, nodes } from '../node.ts'
import * as op from '../ops.ts'
import { floats, integers, scalar, type Tensor } from '../tensor.ts'
import { expand, zerosLike } from './broadcasting.ts'
import { geometryOf, outputPadding } from './geometry.ts'
import { single, sizesOf, type Rules } from './rule.ts'

export const POOL_RULES: Rules = {
  /** g goes to the place of each window's maximum. */
  MaxPool: single((g, pool) => {
    const { inputs: [x], outputs: [y], attributes } = pool
    const [, indices] = nodes('MaxPool', [x], [[y!.shape, 'float32'], [y!.shape, 'int64']], attributes) as [Tensor, Tensor]
    const size = sizesOf(x!).reduce((a, b) => a * b, 1)
    const flat = (values: Tensor): Tensor => node('Reshape', [values, integers([-1])], [size], {}, values.type)
    const zeros = flat(zerosLike(x!))
    const sums = node('ScatterElements', [zeros, flat(indices), flat(g)], [size], { axis: 0, reduction: 'add' })
    return op.reshape(sums, sizesOf(x!))
  }),
  /** g/k² to every place of a window: a transposed convolution. */
  AveragePool: single((g, pool) => {
    const [x] = pool.inputs as [Tensor]
    const { kernel, padding, stride } = geometryOf(pool)
    const shares = floats([x.channels, 1, kernel, kernel], new Float32Array(x.channels * kernel * kernel).fill(1 / kernel ** 2))
    return node('ConvTranspose', [g, shares], x.shape, {
      group: x.channels,
      kernel_shape: [kernel, kernel],
      pads: Array(4).fill(padding),
      strides: [stride, stride],
      output_padding: outputPadding(pool)
    })
  }),
  /** g/(H·W) everywhere. */
  GlobalAveragePool: single((g, { inputs: [x] }) => {
    const [, , height, width] = sizesOf(x!) as [number, number, number, number]
    return expand(op.mul(g, scalar(1 / (height * width))), sizesOf(x!))
  })
}
