import type { Objective } from '../objective.ts'
import type { TrainingSpec } from '../spec.ts'
import { detectorObjective } from './detector.ts'

/** The objective of a training run. @throws GradientError if the network has an operator that can't be differentiated */
export function objectiveOf (spec: TrainingSpec): Objective {
  return detectorObjective(spec)
}
