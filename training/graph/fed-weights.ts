import { weightsOf, type StateDict } from '../../models/checkpoints/state-dict.ts'
import type { Weights } from '../../nn/scope.ts'

/** What is trained, and from where. */
export interface Trained {
  /** Initial values of all parameters; those that are not trained keep them. */
  readonly initial: StateDict
  /** Names of the parameters that are trained. */
  readonly trained: readonly string[]
  /** Batch norms normalize by their batch. */
  readonly batchStatistics: boolean
}

/** Weights of a network in training: what is trained is fed, everything else is constant. */
export function weightsInTraining ({ initial, trained, batchStatistics }: Trained): Weights {
  const fed = new Set(trained)
  return { ...weightsOf(initial), isFed: name => fed.has(name), usesBatchStatistics: () => batchStatistics }
}

/**
 * The same for validation: batch norms use running statistics, which are fed if training changes them.
 */
export function weightsInValidation ({ initial, trained, batchStatistics }: Trained): Weights {
  const fed = new Set(trained)
  return { ...weightsOf(initial), isFed: name => fed.has(name) || (batchStatistics && /\.running_(mean|var)$/.test(name)) }
}
