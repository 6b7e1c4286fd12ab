import { defaultWorkers, detectorDefaults } from '../../training/defaults.ts'
import { FreezeError, isStatistic, trainedParameters } from '../../training/initialize/frozen.ts'
import type { TrainingSettings } from '../../training/settings.ts'
import type { DetectionSpec } from '../../training/spec.ts'
import { UsageError } from '../errors.ts'
import type { BaseModel } from './base-model.ts'
import type { DetectionData } from './detection-data.ts'
import type { TrainOptions } from './options.ts'

/** What a run computes, and how: the options, with defaults for the others. @throws UsageError naming the option that can't be used */
export function detectionRun (
  base: BaseModel, data: DetectionData, options: TrainOptions
): { spec: DetectionSpec, settings: TrainingSettings } {
  const { config, initial, auxiliary, start } = base
  const generation = config.head.name === 'nanodet-plus-head' ? 'plus' : 'legacy'
  const defaults = detectorDefaults({ photos: data.train.length, start, generation })
  const { epochs, batch, lr: learningRate, patience, mosaic, freeze = defaults.freeze } = options
  const given = Object.entries({ epochs, batch, learningRate, patience }).filter(([, value]) => value !== undefined)
  const settings = { ...defaults.settings, ...Object.fromEntries(given) }
  const microBatch = microBatchOf(settings.batch, defaults.microBatch)
  const spec: DetectionSpec = {
    kind: 'detector',
    config,
    examples: data.train,
    validation: data.validation,
    initial,
    trained: trainedOf(base, freeze),
    batchStatistics: defaults.batchStatistics,
    microBatch,
    augmentation: { ...defaults.augmentation, ...mosaic !== undefined && { mosaic } },
    auxiliary,
    seed: options.seed
  }
  return { spec, settings: { ...settings, workers: options.workers ?? defaultWorkers(settings.batch, microBatch) } }
}

/** The largest part of a batch that one run of the network takes. */
const microBatchOf = (batch: number, most: number): number =>
  Array.from({ length: most }, (_, i) => most - i).find(size => batch % size === 0)!

/**
 * The names of the parameters that a run trains.
 * @param freeze the last part that keeps its weights
 * @throws UsageError if the model has no such part
 */
function trainedOf ({ config, initial, auxiliary }: BaseModel, freeze: string): string[] {
  try {
    const extra = auxiliary ? [...initial.parameters.keys()].filter(name => name.startsWith('aux_') && !isStatistic(name)) : []
    return [...trainedParameters(config, initial.folded, freeze), ...extra]
  } catch (cause) {
    if (cause instanceof FreezeError) throw new UsageError(`--freeze: ${cause.message}`, { cause })
    throw cause
  }
}
