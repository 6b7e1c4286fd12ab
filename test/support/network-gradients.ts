/** Gradients of whole networks with respect to all their trained parameters. */
import type { Weights } from '../../nn/scope.ts'
import type { Node, Tensor } from '../../nn/tensor.ts'
import { seededWeights } from './seeded.ts'

/** What a check needs of a network under construction. */
export interface Trained {
  readonly outputs: readonly Tensor[]
  readonly params: ReadonlyMap<string, Tensor>
  readonly owners: ReadonlyMap<Node, string>
}

const isTrained = (name: string): boolean => !/running_(mean|var)$/.test(name)

/** Seeded weights that are fed, running statistics excepted. */
export const fedWeights = (batchStatistics = false): Weights =>
  ({ ...seededWeights, isFed: isTrained, usesBatchStatistics: () => batchStatistics })

/** The trained parameters of a network, and their values. */
export function trainedOf (params: ReadonlyMap<string, Tensor>) {
  const wrt = Object.fromEntries([...params].filter(([name]) => isTrained(name)))
  const feeds = Object.fromEntries(Object.entries(wrt).map(([name, { shape }]) => [name, seededWeights.get(name, shape)]))
  return { wrt, feeds }
}
