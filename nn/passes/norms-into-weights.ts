import * as op from '../ops.ts'
import { floats, type Tensor } from '../tensor.ts'
import { constantOf, madeBy, remake, rewrite, type Pass } from './rewrite.ts'

/**
 * Merges batch norms with running statistics into the convolutions before them where parameters are fed: with s = γ/√(variance + ε), the
 * graph computes the kernel times s and the bias (bias − mean)·s + β. It then has one pass over a map less, and the gradients of kernel, γ
 * and β follow from the arithmetic. Norms over constants alone are for `foldBatchNorms`; norms with their batch's statistics stay.
 */
export const normsIntoWeights: Pass = graph => rewrite(graph, norm => {
  const conv = isOfRunningStatistics(norm) ? madeBy('Conv', norm.inputs[0]) : undefined
  const [gamma, beta, mean, variance] = norm.inputs.slice(1) as [Tensor, Tensor, Tensor, Tensor]
  const [means, variances] = [constantOf(mean), constantOf(variance)]
  const [x, weight, bias] = conv?.inputs ?? []
  if (!conv || !means || !variances || [weight, bias, gamma, beta].every(isConstant)) return
  const { float: epsilon } = norm.attributes['epsilon'] as { float: number }
  const scale = op.mul(gamma, floats(variance.shape, variances.map(value => 1 / Math.sqrt(value + epsilon))))
  const centered = bias ? op.sub(bias, mean) : floats(mean.shape, means.map(value => -value))
  const kernel = op.mul(weight!, op.reshape(scale, [means.length, 1, 1, 1]))
  return remake(conv, [x, kernel, op.add(op.mul(centered, scale), beta)]).outputs[0]!
})

const isOfRunningStatistics = ({ op: name, attributes }: Parameters<typeof remake>[0]): boolean =>
  name === 'BatchNormalization' && attributes['training_mode'] !== 1

const isConstant = (x: Tensor | undefined): boolean => x === undefined || x.source.kind === 'constant'
