import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import { baseClassifier, type BaseClassifier } from './base-classifier.ts'
import { checkClasses } from './check-classes.ts'
import { classData, type ClassData } from './class-data.ts'
import { readClassSets } from './class-set.ts'
import { classificationRun, type ClassificationRun } from './classification-run.ts'
import type { TrainOptions } from './options.ts'
import { checkOutput, checkSpace, outputFiles, type OutputFiles } from './output-files.ts'

/** The model and its values in the state: the average, the best, two moments, and all once more while the file is written. */
const COPIES = 12
const FOR_DETECTORS = { format: '--format', classNames: '--class-names', mosaic: '--mosaic' } as const

/** Everything that a run is made of. */
export interface PreparedClassifier extends ClassificationRun {
  readonly options: TrainOptions
  readonly files: OutputFiles
  readonly data: ClassData
  /** The folder of the validation photos. */
  readonly folder: string
  /** A line each. */
  readonly warnings: readonly string[]
  readonly base: BaseClassifier
}

/** Checks the options and the data. Nothing is written. @throws CommandError naming what can't be used */
export async function prepareClassifier (options: TrainOptions, io: Io): Promise<PreparedClassifier> {
  for (const [key, flag] of Object.entries(FOR_DETECTORS)) {
    if (options[key as keyof typeof FOR_DETECTORS] !== undefined) throw new UsageError(`${flag}: only for detectors`)
  }
  const files = outputFiles(options.out)
  checkOutput(files, options)
  const sets = await readClassSets(options, io)
  const warnings = checkClasses(sets)
  const data = classData(sets, options)
  const base = await baseClassifier(options, files.name, data.labels)
  const run = classificationRun(options, base, data)
  checkSpace(files, COPIES * bytesOf(base))
  return { options, files, data, folder: (sets.validation ?? sets.train).folder, warnings, base, ...run }
}

const bytesOf = ({ initial }: BaseClassifier): number =>
  [...initial.parameters.values()].reduce((sum, { data }) => sum + data.byteLength, 0)
