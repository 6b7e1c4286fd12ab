import type { TrainingSettings } from '../../training/settings.ts'
import type { DetectionSpec } from '../../training/spec.ts'
import type { Io } from '../io.ts'
import { baseModel, type BaseModel } from './base-model.ts'
import { checkData } from './check-data.ts'
import { hardships } from './data-summary.ts'
import { detectionData, type DetectionData } from './detection-data.ts'
import { detectionRun } from './detection-run.ts'
import { readLabeledSets, type LabeledSets } from './labeled-set.ts'
import { VALIDATION_SHARE, type TrainOptions } from './options.ts'
import { checkOutput, checkSpace, outputFiles, type OutputFiles } from './output-files.ts'
import { splitSet } from './split.ts'

/** The model and its values in the state: the average, the best, two moments, and all once more while the file is written. */
const COPIES = 12

/** Everything that a run is made of. */
export interface PreparedDetector {
  readonly options: TrainOptions
  readonly files: OutputFiles
  readonly data: DetectionData
  /** The folder of the validation photos. */
  readonly folder: string
  /** A line each. */
  readonly warnings: readonly string[]
  readonly base: BaseModel
  readonly spec: DetectionSpec
  readonly settings: TrainingSettings
}

/** Checks the options and the data. Nothing is written. @throws CommandError naming what can't be used */
export async function prepareDetector (options: TrainOptions, io: Io): Promise<PreparedDetector> {
  const files = outputFiles(options.out)
  checkOutput(files, options)
  const sets = await readLabeledSets(options, io)
  const found = checkData(sets)
  const { train, validation } = parts(sets, options)
  const data = detectionData(train, validation)
  const base = await baseModel(options, files.name, data.labels)
  const { spec, settings } = detectionRun(base, data, options)
  checkSpace(files, COPIES * bytesOf(base))
  const warnings = [...found, ...hardships(data, base.config.input)]
  return { options, files, data, folder: validation.folder, warnings, base, spec, settings }
}

function parts ({ train, validation }: LabeledSets, { valShare = VALIDATION_SHARE, seed }: TrainOptions) {
  return validation ? { train, validation } : splitSet(train, valShare, seed)
}

const bytesOf = ({ initial }: BaseModel): number => [...initial.parameters.values()].reduce((sum, { data }) => sum + data.byteLength, 0)
