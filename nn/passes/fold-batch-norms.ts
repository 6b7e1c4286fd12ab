import { floats, type Tensor } from '../tensor.ts'
import { constantOf, madeBy, remake, rewrite, type Pass } from './rewrite.ts'

/**
 * Folds batch norms into the convolutions before them: with s = weight / √(variance + ε), the kernel times s, and the bias
 * (bias − mean)·s + the norm's own. Norms that use their batch's statistics stay.
 */
export const foldBatchNorms: Pass = graph => rewrite(graph, norm => {
  const isOfRunningStatistics = norm.op === 'BatchNormalization' && norm.attributes['training_mode'] !== 1
  const conv = isOfRunningStatistics ? madeBy('Conv', norm.inputs[0]) : undefined
  const kernel = constantOf(conv?.inputs[1])
  const [weight, shift, mean, variance] = norm.inputs.slice(1).map(constantOf)
  if (!conv || !kernel || !weight || !shift || !mean || !variance) return
  const bias = constantOf(conv.inputs[2]) ?? new Float32Array(weight.length)
  const { float: epsilon } = norm.attributes['epsilon'] as { float: number }
  const scale = weight.map((value, c) => value / Math.sqrt(variance[c]! + epsilon))
  const folded = floats([bias.length], bias.map((value, c) => (value - mean[c]!) * scale[c]! + shift[c]!))
  return remake(conv, [conv.inputs[0], scaled(conv.inputs[1]!, kernel, scale), folded]).outputs[0]!
})

/** A kernel with every output channel multiplied by its own number. */
function scaled (weight: Tensor, kernel: Float32Array, scale: Float32Array): Tensor {
  const size = kernel.length / scale.length
  return floats(weight.shape, kernel.map((value, i) => value * scale[Math.floor(i / size)]!))
}
