/** Options of commands that detect: which objects count. */
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import { classIds } from '../models/labels.ts'
import { UsageError } from './errors.ts'
import { number, text, wholeNumber } from './options.ts'

const MAX_DETECTIONS = 100_000

export const THRESHOLD_OPTIONS = {
  scoreThreshold: number(0, 1, 'Only objects with a higher score').default(DEFAULT_OPTIONS.scoreThreshold),
  iouThreshold: number(0, 1, 'Boxes of one class that overlap by more count as one object')
    .default(DEFAULT_OPTIONS.iouThreshold),
  maxDetections: wholeNumber(1, MAX_DETECTIONS, 'Maximum number of objects per photo, highest score first')
    .default(DEFAULT_OPTIONS.maxDetections)
} as const

export const DECODE_OPTIONS = {
  ...THRESHOLD_OPTIONS,
  classes: text('LABELS', 'Only objects with these labels, comma-separated: person,car').optional()
} as const

interface DecodeValues extends Omit<DecodeOptions, 'classes'> { readonly classes?: string | undefined }

/** Which objects count, with labels as class ids. @throws UsageError naming labels that the model does not have */
export function toDecodeOptions (values: DecodeValues, labels: readonly string[]): DecodeOptions {
  const { scoreThreshold, iouThreshold, maxDetections, classes } = values
  return { scoreThreshold, iouThreshold, maxDetections, classes: chosenClasses(classes, labels) }
}

function chosenClasses (text: string | undefined, labels: readonly string[]): number[] | undefined {
  try {
    return text === undefined ? undefined : classIds(text, labels)
  } catch (error) {
    throw new UsageError(`--classes: ${(error as Error).message}`)
  }
}
