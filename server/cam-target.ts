import { labelId } from '../engine/explain/label-id.ts'
import type { CamTarget } from '../engine/results.ts'
import { LabelError } from '../models/labels.ts'
import { ApiError } from './errors.ts'

/**
 * What LayerCAM is about: a detection by its index, or a class.
 * @throws ApiError INVALID_PARAMETER if the model does not have the label
 */
export function camTarget (text: string, labels: readonly string[]): CamTarget {
  if (/^\d+$/.test(text)) return { index: Number(text) }
  try {
    return { classId: labelId(text, labels) }
  } catch (error) {
    throw error instanceof LabelError ? new ApiError('INVALID_PARAMETER', `for: ${error.message}`) : error
  }
}

/** The target of a reduction: the best detection by default. @throws ApiError INVALID_PARAMETER for a target of another reduction */
export function targetOf (reduce: string, text: string | undefined, labels: readonly string[]): CamTarget | undefined {
  if (reduce === 'layercam') return text === undefined ? { index: 0 } : camTarget(text, labels)
  if (text === undefined) return undefined
  throw new ApiError('INVALID_PARAMETER', 'for: expected together with reduce=layercam')
}
