import { defaultWorkers } from '../../training/defaults.ts'
import { FreezeError, trainedParameters } from '../../training/initialize/frozen.ts'
import type { TrainingSettings } from '../../training/settings.ts'
import type { Augmentation, ClassificationSpec } from '../../training/spec.ts'
import { UsageError } from '../errors.ts'
import type { BaseClassifier } from './base-classifier.ts'
import type { ClassData } from './class-data.ts'
import type { TrainOptions } from './options.ts'

/** Of megvii-model/ShuffleNet-Series, ShuffleNetV1/train.py, as are the label smoothing and the flips. */
const OPTIMIZER = { name: 'sgd', momentum: 0.9, weightDecay: 4e-5 } as const
const LABEL_SMOOTHING = 0.1
/** Gentler than there: short runs on few photos do not need more. */
const AUGMENTATION: Augmentation = {
  perspective: 0,
  scale: [1, 1],
  stretch: [[1, 1], [1, 1]],
  rotation: 0,
  shear: 0,
  translate: 0,
  flip: 0.5,
  brightness: 0.1,
  contrast: [0.8, 1.2],
  saturation: [0.8, 1.2],
  mosaic: 0
}
const CROP_AREA = 0.35
const CROP_RATIO = [3 / 4, 4 / 3] as const

const RATES = { scratch: 0.03, trained: 0.01 }
const FROZEN = 'stage2'
/** Norms need many photos in a run of the network, the others few: their values stay in the processor's caches. */
const MICRO_BATCHES = { scratch: 32, trained: 8 }
/** Sets of more photos have larger batches. */
const LARGE_SET = 4000
const BATCHES = { small: 32, large: 128 }
/** Photos to learn from in all, and limits of the epochs that follow from it. */
const PHOTOS_IN_ALL = 30_000
const EPOCHS = [10, 100] as const
const PATIENCE = 20
const FINAL_RATE = 0.01
/** Of the steps; at least so many, but never more than a share: the first steps from random weights are wild. */
const WARMUP = { share: 0.05, least: 100, most: 0.25 }
const CLIP_NORM = 35

/** A run, as `train` takes it. */
export interface ClassificationRun { readonly spec: ClassificationSpec, readonly settings: TrainingSettings }

/**
 * The run that the options describe; what they leave out depends on the number of photos.
 * @throws UsageError if an option does not suit the model, or the others
 */
export function classificationRun (options: TrainOptions, base: BaseClassifier, data: ClassData): ClassificationRun {
  const { config, initial, isFromScratch } = base
  const { seed, patience = PATIENCE, crop = CROP_AREA } = options
  const kind = isFromScratch ? 'scratch' : 'trained'
  const { epochs, batch, microBatch, steps } = sizesOf(options, data.train.length, MICRO_BATCHES[kind])
  const spec: ClassificationSpec = {
    kind: 'classifier',
    config,
    initial,
    trained: trainedOf(config, initial.folded, options.freeze ?? (isFromScratch ? 'none' : FROZEN)),
    batchStatistics: isFromScratch,
    microBatch,
    augmentation: AUGMENTATION,
    crop: { area: [crop, 1], ratio: CROP_RATIO },
    labelSmoothing: LABEL_SMOOTHING,
    seed,
    examples: data.train,
    validation: data.validation
  }
  const settings: TrainingSettings = {
    epochs,
    batch,
    optimizer: OPTIMIZER,
    learningRate: options.lr ?? RATES[kind] * Math.min(1, batch / BATCHES.large * 2),
    warmupSteps: Math.round(Math.min(WARMUP.most * steps * epochs, Math.max(WARMUP.least, WARMUP.share * steps * epochs))),
    finalRate: FINAL_RATE,
    clipNorm: CLIP_NORM,
    averageDecay: 0,
    patience,
    workers: options.workers ?? defaultWorkers(batch, microBatch)
  }
  return { spec, settings }
}

function sizesOf ({ epochs, batch }: TrainOptions, photos: number, most: number) {
  const size = batch ?? (photos < LARGE_SET ? BATCHES.small : BATCHES.large)
  const microBatch = largestDivisor(size, most)
  const [least, greatest] = EPOCHS
  const passes = epochs ?? Math.min(greatest, Math.max(least, Math.ceil(PHOTOS_IN_ALL / photos)))
  return { epochs: passes, batch: size, microBatch, steps: Math.ceil(photos / size) }
}

const largestDivisor = (size: number, most: number): number => {
  for (let divisor = Math.min(size, most); ; divisor--) if (size % divisor === 0) return divisor
}

/** @throws UsageError if the model has no such part */
function trainedOf (config: BaseClassifier['config'], folded: boolean, freeze: string): string[] {
  try {
    return trainedParameters(config, folded, freeze)
  } catch (cause) {
    if (cause instanceof FreezeError) throw new UsageError(`--freeze: ${cause.message}`, { cause })
    throw cause
  }
}
