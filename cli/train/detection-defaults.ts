import { availableParallelism } from 'node:os'
import type { TrainingSettings } from '../../training/settings.ts'
import type { Augmentation } from '../../training/spec.ts'

/** Photos that a run sees at least, and the epochs that many photos approach: all but so many count. */
const SEEN = 1000
const EPOCHS = 12
const NOT_COUNTED = 120
const MAX_EPOCHS = 60
/** Photos of one run of the network: more are slower, as their activations leave the caches. */
const MICRO_BATCH = 4
/** Batch norms need more photos to normalize by. */
const MICRO_BATCH_WITH_STATISTICS = 8

/** Settings that suit 50 to 2,000 photos. */
export function detectionDefaults (photos: number, isFromScratch: boolean): TrainingSettings & { readonly freeze: string } {
  return {
    freeze: isFromScratch ? 'none' : 'stage2',
    epochs: epochsFor(photos),
    batch: 8,
    optimizer: { name: 'adamw', weightDecay: 0.01 },
    learningRate: 0.002,
    warmupSteps: 20,
    finalRate: 0.01,
    clipNorm: 35,
    averageDecay: 0,
    patience: 10,
    workers: availableParallelism()
  }
}

/** 20 for 50 photos, 5 for 200, 12 for 2,000. */
function epochsFor (photos: number): number {
  const seen = Math.max(SEEN, EPOCHS * (photos - NOT_COUNTED))
  return Math.min(MAX_EPOCHS, Math.ceil(seen / photos))
}

/** Upstream's for nanodet-m (config/legacy_v0.x_configs/nanodet-m.yml). @param mosaic probability */
export const augmentationFor = (mosaic = 0): Augmentation => ({
  perspective: 0,
  scale: [0.6, 1.4],
  stretch: [[1, 1], [1, 1]],
  rotation: 0,
  shear: 0,
  translate: 0.2,
  flip: 0.5,
  brightness: 0.2,
  contrast: [0.6, 1.4],
  saturation: [0.5, 1.2],
  mosaic
})

/** The largest part of a batch that one run of the network takes. */
export function microBatchOf (batch: number, isFromScratch: boolean): number {
  const most = isFromScratch ? MICRO_BATCH_WITH_STATISTICS : MICRO_BATCH
  return Array.from({ length: most }, (_, i) => most - i).find(size => batch % size === 0)!
}
