import { labelId } from '../engine/explain/label-id.ts'
import type { CamTarget } from '../engine/results.ts'
import { UsageError } from './errors.ts'

/** A detection by its number, or a class. @throws UsageError if the model does not have the label */
export function camTarget (text: string, labels: readonly string[]): CamTarget {
  if (/^\d{1,9}$/.test(text)) return { index: Number(text) }
  try {
    return { classId: labelId(text, labels) }
  } catch (error) {
    throw new UsageError(`--for: ${(error as Error).message}`)
  }
}
