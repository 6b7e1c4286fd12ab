import type { Node } from '../tensor.ts'
import { madeBy, remake, rewrite, type Pass } from './rewrite.ts'

/**
 * A monotonic activation keeps the largest value the largest. So max pooling can go first, which leaves the activation a
 * quarter of the values; leaky ReLU is slow in onnxruntime.
 */
export const poolBeforeActivation: Pass = graph => rewrite(graph, pool => {
  if (pool.op !== 'MaxPool') return
  const activation = madeBy('Relu', pool.inputs[0]) ?? madeBy('LeakyRelu', pool.inputs[0])
  if (!activation || slopeOf(activation) < 0) return
  const pooled = remake(pool, activation.inputs).outputs[0]!
  return remake(activation, [pooled], [pooled.shape]).outputs[0]!
})

/** Below zero. */
const slopeOf = ({ attributes: { alpha } }: Node): number => alpha ? (alpha as { float: number }).float : 0
