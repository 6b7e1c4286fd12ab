import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import type { TrainOptions } from './options.ts'

/**
 * Trains a detector.
 * @returns the exit code
 * @throws CommandError naming what can't be used, before anything is written
 */
export async function trainDetector ({ annotations }: TrainOptions, _io: Io): Promise<number> {
  if (annotations === undefined) throw new UsageError('--annotations: expected a file or a folder, since a detector is trained')
  return 0
}
