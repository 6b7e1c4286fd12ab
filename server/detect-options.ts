import type { DetectorStore } from '../engine/engine.ts'
import type { Classifier } from '../engine/classifier.ts'
import type { DetectOptions, Detector } from '../engine/detector.ts'
import type { ReduceMode } from '../engine/features/reduce.ts'
import { classIds } from '../models/labels.ts'
import { ApiError } from './errors.ts'

/** Parameters that all routes have that detect. */
export interface DecodeQuery {
  score_threshold: number
  iou_threshold: number
  max_detections: number
  classes?: string | undefined
}

/** Uses the model that a request names, or the default one. @throws ApiError NOT_READY, and what DetectorStore.use does */
export async function useDetector<T> (
  store: DetectorStore, name: string | undefined, task: (detector: Detector) => Promise<T>
): Promise<T> {
  const model = name === undefined ? store.default : store.get(name)
  if (!store.ready && model.state !== 'ready') throw new ApiError('NOT_READY', 'The server is still loading its models: try again')
  return await store.useDetector(model.name, task)
}

/** The same for classifiers; the default one is the first. */
export async function useClassifier<T> (
  store: DetectorStore, name: string | undefined, task: (classifier: Classifier) => Promise<T>
): Promise<T> {
  const model = name === undefined ? store.models.find(({ source }) => source?.kind === 'classifier') : store.get(name)
  if (!model) throw new ApiError('MODEL_NOT_FOUND', 'There is no classifier; docs/bring-your-own-model.md tells how to add one')
  return await store.useClassifier(model.name, task)
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
