import { TrainingError } from '../errors.ts'
import type { Objective } from '../objective.ts'
import type { TrainingSpec } from '../spec.ts'
import { detectorObjective } from './detector.ts'

/** The objective of a training run. @throws GradientError if the network has an operator that can't be differentiated */
export function objectiveOf (spec: TrainingSpec): Objective {
  if (spec.kind === 'detector') return detectorObjective(spec)
  throw new TrainingError('UNUSABLE_SETTINGS', 'classifiers can\'t be trained yet')
}
