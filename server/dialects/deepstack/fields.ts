import { ApiError } from '../../errors.ts'

/** DeepStack's own. */
const DEFAULT_MIN_CONFIDENCE = 0.4
const DECIMAL = /^(\d+(\.\d+)?|\.\d+)(e-?\d+)?$/i
const MAX_LABELS = 4096

/** What a client asks for beside the image. */
export interface Fields {
  /** 0 … 1. */
  readonly minConfidence: number
  /** Labels that the client can take, comma-separated; all where it is undefined. */
  readonly labels: string | undefined
}

/**
 * Reads the fields of a form or a query; others are ignored.
 * @throws ApiError INVALID_PARAMETER in DeepStack's words
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

/** Empty fields are as good as none: clients send them where nothing is configured. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.trim() : undefined
