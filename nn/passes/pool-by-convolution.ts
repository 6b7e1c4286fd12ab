import { product } from '../dim.ts'
import { floats } from '../tensor.ts'
import { remake, rewrite, type Pass } from './rewrite.ts'

/** Mean pooling as a depthwise convolution with 1/k²: onnxruntime's mean over bytes is ten times slower than its convolution. */
export const poolByConvolution: Pass = graph => rewrite(graph, pool => {
  const { kernel_shape: kernel, strides, pads } = pool.attributes as Record<string, readonly number[] | undefined>
  if (pool.op !== 'AveragePool' || !kernel || pads?.some(Boolean)) return
  const [x] = pool.inputs
  const { channels } = x!
  const size = Number(product(kernel))
  const weight = floats([channels, 1, ...kernel], new Float32Array(channels * size).fill(1 / size))
  const attributes = { group: channels, kernel_shape: kernel, pads: kernel.flatMap(() => [0, 0]), strides: strides ?? kernel.map(() => 1) }
  return remake({ ...pool, op: 'Conv', attributes }, [x, weight]).outputs[0]!
})
