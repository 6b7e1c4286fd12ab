import type { DetectorStore } from '../detector/detector-store.ts'
import type { DetectOptions, Detector } from '../detector/detector.ts'
import type { ReduceMode } from '../detector/features/reduce.ts'
import { classIds } from '../models/labels.ts'
import { ApiError } from './errors.ts'

/** Parameters that all routes have that detect. */
export interface DecodeQuery {
  score_threshold: number
  iou_threshold: number
  max_detections: number
  classes?: string | undefined
}

/** @throws ApiError MODEL_NOT_FOUND, or NOT_READY where the model is known but not loaded yet */
export function chooseDetector (store: DetectorStore, name = store.configs[0]!.name): Detector {
  const detector = store.get(name)
  if (detector) return detector
  if (store.configs.some(config => config.name === name)) throw new ApiError('NOT_READY', 'The server is still loading its models: try again')
  throw new ApiError('MODEL_NOT_FOUND', `There is no model ${name}; GET /models lists them`)
}

/** A query in the detector's terms. @throws LabelError naming labels that the model does not have */
export function detectOptions (query: DecodeQuery, { config }: Detector, limits: Pick<DetectOptions, 'maxPixels' | 'signal'>): DetectOptions {
  return {
    ...limits,
    scoreThreshold: query.score_threshold,
    iouThreshold: query.iou_threshold,
    maxDetections: query.max_detections,
    classes: query.classes === undefined ? undefined : classIds(query.classes, config.labels)
  }
}

export const reduceMode = (text: string): ReduceMode => /^\d+$/.test(text) ? Number(text) : text as ReduceMode
