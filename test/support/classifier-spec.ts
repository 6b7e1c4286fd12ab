/** Specs of training runs of classifiers. */
import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import type { ClassifierConfig } from '../../models/config.ts'
import { trainedParameters } from '../../training/initialize/frozen.ts'
import type { Augmentation, ClassificationSpec } from '../../training/spec.ts'

/** Photos as they are. */
export const UNCHANGED: Augmentation = {
  perspective: 0,
  scale: [1, 1],
  stretch: [[1, 1], [1, 1]],
  rotation: 0,
  shear: 0,
  translate: 0,
  flip: 0,
  brightness: 0,
  contrast: [1, 1],
  saturation: [1, 1],
  mosaic: 0
}

/** Everything is trained, on no photos. */
export const classifierSpec = (config: ClassifierConfig, initial: StateDict): ClassificationSpec => ({
  kind: 'classifier',
  config,
  initial,
  trained: trainedParameters(config, initial.folded, 'none'),
  batchStatistics: true,
  microBatch: 8,
  augmentation: UNCHANGED,
  crop: { area: [0.5, 1], ratio: [0.75, 4 / 3] },
  labelSmoothing: 0.1,
  seed: 1,
  examples: [],
  validation: []
})
