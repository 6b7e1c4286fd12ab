/** Options of the commands that detect: which model, and which objects count. */
import { DEFAULT_OPTIONS } from '../engine/options.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import { classIds } from '../models/labels.ts'
import { PRECISIONS, type Precision } from '../models/calibration-table.ts'
import { UsageError } from './command.ts'

/** For util.parseArgs. */
export const DETECT_OPTIONS = {
  model: { type: 'string' },
  weights: { type: 'string' },
  precision: { type: 'string' },
  'score-threshold': { type: 'string' },
  'iou-threshold': { type: 'string' },
  'max-detections': { type: 'string' },
  classes: { type: 'string' }
} as const

export const DETECT_HELP = `\
  --model NAME            a model that the build made weights for, or any of the registry with --weights
  --weights FILE          a checkpoint: PyTorch's .pth or .ckpt, or .safetensors
  --precision fp32        fp32 or int8: faster, a little less accurate, and only with the weights that the build made
  --score-threshold 0.35  only objects with a higher score
  --iou-threshold 0.6     boxes of one class that overlap by more are one object
  --max-detections 100    objects a photo at the most, best first
  --classes person,car    only objects with these labels`

type DetectValues = { readonly [option in keyof typeof DETECT_OPTIONS]?: string | undefined }

/** Which objects count. @throws UsageError */
export function readDetectOptions (values: DetectValues, labels: readonly string[]): DecodeOptions {
  return {
    scoreThreshold: share('score-threshold', values['score-threshold']) ?? DEFAULT_OPTIONS.scoreThreshold,
    iouThreshold: share('iou-threshold', values['iou-threshold']) ?? DEFAULT_OPTIONS.iouThreshold,
    maxDetections: count('max-detections', values['max-detections']) ?? DEFAULT_OPTIONS.maxDetections,
    classes: chosenClasses(values.classes, labels)
  }
}

/** fp32 where the option was not given. @throws UsageError */
export function readPrecision (text: string = 'fp32'): Precision {
  const precision = PRECISIONS.find(precision => precision === text)
  if (precision) return precision
  throw new UsageError(`--precision: expected ${PRECISIONS.join(' or ')}, found ${text || 'nothing'}`)
}

/** A whole number above 0; undefined where the option was not given. @throws UsageError */
export function count (option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--${option}: expected a whole number above 0, found ${text || 'nothing'}`)
}

function share (option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^(0?\.\d+|[01](\.0*)?|0\.\d*)$/.test(text)) return Number(text)
  throw new UsageError(`--${option}: expected a number from 0 to 1, found ${text || 'nothing'}`)
}

function chosenClasses (text: string | undefined, labels: readonly string[]): number[] | undefined {
  try {
    return text === undefined ? undefined : classIds(text, labels)
  } catch (error) {
    throw new UsageError(`--classes: ${(error as Error).message}`)
  }
}
