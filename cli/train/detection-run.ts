import { FreezeError, isStatistic, trainedParameters } from '../../training/initialize/frozen.ts'
import type { TrainingSettings } from '../../training/settings.ts'
import type { DetectionSpec } from '../../training/spec.ts'
import { UsageError } from '../errors.ts'
import type { BaseModel } from './base-model.ts'
import { augmentationFor, detectionDefaults, microBatchOf } from './detection-defaults.ts'
import type { DetectionData } from './detection-data.ts'
import type { TrainOptions } from './options.ts'

/** What a run computes, and how: the options, with defaults for the others. @throws UsageError naming the option that can't be used */
export function detectionRun (
  base: BaseModel, data: DetectionData, options: TrainOptions
): { spec: DetectionSpec, settings: TrainingSettings } {
  const { config, initial, auxiliary, isFromScratch } = base
  const { freeze, ...settings } = detectionDefaults(data.train.length, isFromScratch)
  const { epochs, batch, lr: learningRate, patience, workers } = options
  const given = Object.entries({ epochs, batch, learningRate, patience, workers }).filter(([, value]) => value !== undefined)
  const chosen: TrainingSettings = { ...settings, ...Object.fromEntries(given) }
  const spec: DetectionSpec = {
    kind: 'detector',
    config,
    examples: data.train,
    validation: data.validation,
    initial,
    trained: trainedOf(base, options.freeze ?? freeze),
    batchStatistics: isFromScratch,
    microBatch: microBatchOf(chosen.batch, isFromScratch),
    augmentation: augmentationFor(options.mosaic),
    auxiliary,
    seed: options.seed
  }
  return { spec, settings: chosen }
}

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
