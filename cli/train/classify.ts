import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import type { TrainOptions } from './options.ts'

/**
 * Trains a classifier.
 * @returns the exit code
 * @throws CommandError naming what can't be used, before anything is written
 */
export async function trainClassifier ({ format }: TrainOptions, _io: Io): Promise<number> {
  if (format !== undefined) throw new UsageError('--format: only for detectors')
  return 0
}
