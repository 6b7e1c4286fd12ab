import { labelId } from '../engine/explain/label-id.ts'
import { CAM_FORMATS, type CamTarget, type Rendering } from '../engine/results.ts'
import { LabelError } from '../models/labels.ts'
import { ApiError } from './errors.ts'

/**
 * What LayerCAM is about: a detection by its index, or a class.
 * @throws ApiError INVALID_PARAMETER if the model does not have the label
 */
export function camTarget (text: string, labels: readonly string[]): CamTarget {
  if (/^\d{1,9}$/.test(text)) return { index: Number(text) }
  try {
    return { classId: labelId(text, labels) }
  } catch (error) {
    throw error instanceof LabelError ? new ApiError('INVALID_PARAMETER', `for: ${error.message}`) : error
  }
}

/**
 * The target of a reduction: the best detection by default.
 * @throws ApiError INVALID_PARAMETER for a target of another reduction, or a format without LayerCAM's maps
 */
export function targetOf (
  { reduce, format }: Pick<Rendering, 'reduce' | 'format'>, text: string | undefined, labels: readonly string[]
): CamTarget | undefined {
  if (reduce !== 'layercam') {
    if (text === undefined) return undefined
    throw new ApiError('INVALID_PARAMETER', 'for: expected together with reduce=layercam')
  }
  if (CAM_FORMATS.includes(format)) return text === undefined ? { index: 0 } : camTarget(text, labels)
  throw new ApiError('INVALID_PARAMETER', `reduce: layercam needs the format overlay or maps; ${format} has all channels`)
}
