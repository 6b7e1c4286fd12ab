import { floats, type Tensor } from '../tensor.ts'
import { constantOf, madeBy, remake, rewrite, type Pass } from './rewrite.ts'

/** Folds a multiplication of an image's channels by constants into the convolution that reads it. Zeros of the padding stay zeros. */
export const foldScale: Pass = graph => rewrite(graph, conv => {
  const mul = conv.op === 'Conv' && conv.attributes['group'] === 1 ? madeBy('Mul', conv.inputs[0]) : undefined
  const [x, factors] = mul?.inputs ?? []
  const scale = constantOf(factors)
  const kernel = constantOf(conv.inputs[1])
  if (!x || !scale || !kernel || factors!.shape.join() !== `1,${x.channels},1,1`) return
  return remake(conv, [x, scaled(conv.inputs[1]!, kernel, scale), ...conv.inputs.slice(2)]).outputs[0]!
})

/** A kernel `[out, in, k, k]` with every input channel multiplied by its own number. */
function scaled (weight: Tensor, kernel: Float32Array, scale: Float32Array): Tensor {
  const size = kernel.length / weight.channels / Number(weight.dim(0))
  return floats(weight.shape, kernel.map((value, i) => value * scale[Math.floor(i / size) % scale.length]!))
}
