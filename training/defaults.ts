import { availableCpus } from '../engine/cpu-quota.ts'
import type { Pipeline } from './data/random-matrix.ts'
import type { TrainingSettings } from './settings.ts'
import type { Augmentation, DetectionSpec } from './spec.ts'

/** What the settings of a detector's training depend on. */
export interface Situation {
  /** Of the training set. */
  readonly photos: number
  /** Random weights; a trained model for other classes; a trained model for the classes that it knows. */
  readonly start: 'random' | 'new-classes' | 'known-classes'
  readonly generation: Pipeline
}

/** Settings that work without being chosen. */
export interface Defaults extends Pick<DetectionSpec, 'batchStatistics' | 'microBatch' | 'augmentation'> {
  readonly settings: Omit<TrainingSettings, 'workers'>
  /** The last part that keeps its weights. */
  readonly freeze: 'none' | 'stage2'
}

interface Course {
  readonly learningRate: number
  readonly weightDecay: number
  readonly warmupSteps: number
  /** Photos that the network sees, repeated ones included; large sets are seen `epochs` times nevertheless. */
  readonly photosSeen: number
  readonly epochs: number
  readonly batch: number
  readonly microBatch: number
  readonly freeze: Defaults['freeze']
}

/**
 * Measured on drawn pictures and on coco128. What a model knows is forgotten at high rates: on 100 photos of coco128, its AP on others fell
 * by 0.06 at 5e-4 and by 0.004 at 1e-4. The features of the first stages serve any class, and cost most to train.
 */
const COURSES: Readonly<Record<Situation['start'], Course>> = {
  'known-classes': {
    learningRate: 1e-4, weightDecay: 0.01, warmupSteps: 20, photosSeen: 400, epochs: 4, batch: 8, microBatch: 4, freeze: 'stage2'
  },
  'new-classes': {
    learningRate: 2e-3, weightDecay: 0.01, warmupSteps: 20, photosSeen: 1200, epochs: 4, batch: 8, microBatch: 4, freeze: 'stage2'
  },
  random: { learningRate: 2e-3, weightDecay: 0.05, warmupSteps: 50, photosSeen: 12000, epochs: 20, batch: 16, microBatch: 8, freeze: 'none' }
}
const MAX_EPOCHS = 200
/** Weaker than upstream's, which are for hundreds of epochs of 118,000 photos. */
const WEAK: Augmentation = {
  perspective: 0,
  scale: [0.8, 1.2],
  stretch: [[1, 1], [1, 1]],
  rotation: 0,
  shear: 0,
  translate: 0.1,
  flip: 0.5,
  brightness: 0.1,
  contrast: [0.8, 1.2],
  saturation: [0.8, 1.2],
  mosaic: 0
}
/** Upstream's of NanoDet-m: nanodet/config/legacy_v0.x_configs/nanodet-m.yml */
const LEGACY: Augmentation =
  { ...WEAK, scale: [0.6, 1.4], translate: 0.2, brightness: 0.2, contrast: [0.6, 1.4], saturation: [0.5, 1.2] }
/** Upstream's of NanoDet-Plus: nanodet/config/nanodet-plus-m_416.yml */
const PLUS: Augmentation = { ...LEGACY, stretch: [[0.8, 1.2], [0.8, 1.2]] }

/** The settings for a detector's training. */
export function detectorDefaults ({ photos, start, generation }: Situation): Defaults {
  const { photosSeen, epochs: least, weightDecay, freeze, microBatch, ...course } = COURSES[start]
  const epochs = Math.min(MAX_EPOCHS, Math.max(least, Math.ceil(photosSeen / photos)))
  return {
    settings: {
      ...course,
      epochs,
      optimizer: { name: 'adamw', weightDecay },
      finalRate: 0.05,
      clipNorm: 35,
      averageDecay: 0.9998,
      patience: Math.max(3, Math.ceil(epochs / 4))
    },
    freeze,
    microBatch,
    batchStatistics: start === 'random',
    augmentation: start === 'new-classes' ? WEAK : generation === 'plus' ? PLUS : LEGACY
  }
}

/** Worker processes that a batch keeps busy: one for each core, unless it has fewer parts. */
export const defaultWorkers = (batch: number, microBatch: number, cpus = availableCpus()): number =>
  Math.max(1, Math.min(cpus, Math.floor(batch / microBatch)))
