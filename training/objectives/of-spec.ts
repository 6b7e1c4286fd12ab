import { classifierObjective } from '../classify/classifier-objective.ts'
import type { Objective } from '../objective.ts'
import type { TrainingSpec } from '../spec.ts'
import { detectorObjective } from './detector.ts'

/** The objective of a training run. @throws GradientError if the network has an operator that can't be differentiated */
export const objectiveOf = (spec: TrainingSpec): Objective => spec.kind === 'detector' ? detectorObjective(spec) : classifierObjective(spec)
