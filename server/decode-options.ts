import type { ReduceMode } from '../engine/results.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import { classIds } from '../models/labels.ts'

/** Parameters of all routes that detect. */
export interface DecodeQuery {
  score_threshold: number
  iou_threshold: number
  max_detections: number
  classes?: string | undefined
}

/** A query in the decoder's terms. @throws LabelError naming labels that the model does not have */
export function decodeOptions (query: DecodeQuery, labels: readonly string[]): DecodeOptions {
  return {
    scoreThreshold: query.score_threshold,
    iouThreshold: query.iou_threshold,
    maxDetections: query.max_detections,
    classes: query.classes === undefined ? undefined : classIds(query.classes, labels)
  }
}

export const reduceMode = (text: string): ReduceMode => /^\d+$/.test(text) ? Number(text) : text as ReduceMode
