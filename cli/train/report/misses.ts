import { cocoIou, isCrowd } from '../../eval/coco-matching.ts'
import { groupBy, type Annotation, type CocoResult, type GroundTruth, type Id } from '../../eval/ground-truth.ts'
import type { ConfusionThresholds } from '../../eval/confusion.ts'
import { isObject } from '../labeled-set.ts'

/** What went wrong in a photo. */
export interface Misses {
  readonly image: Id
  /** Objects without a detection of their class. */
  readonly missed: readonly Annotation[]
  /** Detections without an object of their class, highest score first. */
  readonly wrong: readonly CocoResult[]
}

/** The photos with the most mistakes first; photos without any are left out. Crowds and what lies in them don't count. */
export function worstMisses (truth: GroundTruth, results: readonly CocoResult[], thresholds: ConfusionThresholds): Misses[] {
  const truths = groupBy(truth.annotations, 'image_id')
  const found = groupBy(results.filter(({ score }) => score > thresholds.score), 'image_id')
  return truth.images.map(({ id }) => missesOf(id, truths.get(id) ?? [], found.get(id) ?? [], thresholds.iou))
    .filter(one => mistakes(one) > 0)
    .sort((a, b) => mistakes(b) - mistakes(a))
}

const mistakes = ({ missed, wrong }: Misses): number => missed.length + wrong.length

/** Detections choose an object of their class each, highest score first. */
function missesOf (image: Id, truths: readonly Annotation[], detections: readonly CocoResult[], minIou: number): Misses {
  const left = new Set(truths.filter(isObject))
  const others = truths.filter(truth => !isObject(truth))
  const wrong = detections.toSorted((a, b) => b.score - a.score).filter(detection => {
    const overlaps = [...left].filter(({ category_id: id }) => id === detection.category_id)
      .map(object => ({ object, iou: cocoIou(detection.bbox, object.bbox, false) })).sort((a, b) => b.iou - a.iou)
    const [best] = overlaps
    if (best && best.iou >= minIou) return !left.delete(best.object)
    return !others.some(other => cocoIou(detection.bbox, other.bbox, isCrowd(other)) >= minIou)
  })
  return { image, missed: [...left], wrong }
}
