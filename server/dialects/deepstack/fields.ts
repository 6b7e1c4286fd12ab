import { ApiError } from '../../errors.ts'

/** DeepStack's default. */
const DEFAULT_MIN_CONFIDENCE = 0.4
const DECIMAL = /^(\d+(\.\d+)?|\.\d+)(e-?\d+)?$/i
const MAX_LABELS = 4096

/** Parameters besides the image. */
export interface Fields {
  /** 0 … 1. */
  readonly minConfidence: number
  /** Labels to return, comma-separated; all if undefined. */
  readonly labels: string | undefined
}

/**
 * Reads the fields of a form or a query; others are ignored.
 * @throws ApiError INVALID_PARAMETER with DeepStack's wording
 */
export function readFields (given: Readonly<Record<string, unknown>>): Fields {
  const labels = textOf(given['labels'])
  if (labels !== undefined && labels.length > MAX_LABELS) {
    throw new ApiError('INVALID_PARAMETER', `labels: expected at most ${MAX_LABELS} characters`)
  }
  return { minConfidence: confidence(textOf(given['min_confidence']) ?? textOf(given['minConfidence'])), labels }
}

function confidence (text: string | undefined): number {
  if (text === undefined) return DEFAULT_MIN_CONFIDENCE
  if (!DECIMAL.test(text)) throw new ApiError('INVALID_PARAMETER', 'Invalid value for min_confidence')
  const value = Number(text)
  if (value > 1) throw new ApiError('INVALID_PARAMETER', 'min_confidence cannot be greater than 1')
  return value
}

/** Empty fields are ignored: clients send them for unset options. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.trim() : undefined
