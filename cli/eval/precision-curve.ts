/** From matched detections to precision and recall. Source: pycocotools' COCOeval.accumulate. */
import { IOU_THRESHOLDS, type ImageMatches, type Outcome } from './coco-matching.ts'

/** As numpy.linspace rounds them: i * 0.01 is not always i / 100. */
export const RECALL_THRESHOLDS: readonly number[] = Array.from({ length: 101 }, (_, i) => i * 0.01)

/** Precision and recall of one category, by IoU threshold. */
export interface Curves {
  /** `[IOU_THRESHOLDS, RECALL_THRESHOLDS]`; 0 at recalls that are not reached. */
  readonly precision: ReadonlyArray<readonly number[]>
  /** `[IOU_THRESHOLDS]` */
  readonly recall: readonly number[]
  /** Number of objects to find. */
  readonly objects: number
}

/** @returns undefined if the category has no object to find */
export function categoryCurves (images: readonly ImageMatches[], maxDetections: number): Curves | undefined {
  const objects = images.reduce((total, image) => total + image.findable, 0)
  if (objects === 0) return undefined
  const counting = images.flatMap(({ detections }) => detections.slice(0, maxDetections))
  const ranked = counting.toSorted((a, b) => b.score - a.score)
  const outcomes = IOU_THRESHOLDS.map((_, t) => ranked.map(detection => detection.outcomes[t]!))
  return {
    precision: outcomes.map(at => precisionsAt(at, objects)),
    recall: outcomes.map(at => at.filter(outcome => outcome === 'hit').length / objects),
    objects
  }
}

function precisionsAt (ranked: readonly Outcome[], objects: number): number[] {
  const counted = ranked.filter(outcome => outcome !== 'ignored')
  let hits = 0
  const hitsUpTo = counted.map(outcome => outcome === 'hit' ? ++hits : hits)
  const precisions = envelope(hitsUpTo.map((hits, i) => hits / (i + 1)))
  let i = 0
  return RECALL_THRESHOLDS.map(threshold => {
    while ((hitsUpTo[i] ?? Infinity) / objects < threshold) i++
    return precisions[i] ?? 0
  })
}

/** Raises each value to the largest that follows it, so that precision never rises with recall. */
function envelope (precisions: readonly number[]): number[] {
  let largest = 0
  return precisions.toReversed().map(precision => (largest = Math.max(largest, precision))).toReversed()
}

/** -1 for an empty list, as in pycocotools. */
export function mean (values: readonly number[]): number {
  return values.length === 0 ? -1 : values.reduce((sum, value) => sum + value, 0) / values.length
}
