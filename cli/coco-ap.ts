import { imageBoxes, IOU_THRESHOLDS, matchImage } from './coco-matching.ts'
import type { AreaRange, ImageBoxes, ImageMatches, Outcome } from './coco-matching.ts'

type Bbox = [x: number, y: number, width: number, height: number]

/** What is read of a COCO instances file; `bbox` in pixels, `area` in square pixels. */
export interface CocoAnnotations {
  images: { id: number, file_name: string, width: number, height: number }[]
  annotations: { id: number, image_id: number, category_id: number, bbox: Bbox, area: number, iscrowd?: 0 | 1 }[]
  categories: { id: number, name: string }[]
}

/** A detection in COCO's results format, `bbox` in pixels. */
export interface CocoResult { image_id: number, category_id: number, bbox: Bbox, score: number }

/** COCO's twelve figures, 0 to 1; -1 where there is no ground truth to find. */
export interface CocoSummary {
  AP: number
  AP50: number
  AP75: number
  APs: number
  APm: number
  APl: number
  AR1: number
  AR10: number
  AR100: number
  ARs: number
  ARm: number
  ARl: number
}

/** [thresholds] each */
interface Curves { precision: readonly number[], recall: readonly number[] }

const SMALL: AreaRange = [0, 32 ** 2]
const MEDIUM: AreaRange = [32 ** 2, 96 ** 2]
const LARGE: AreaRange = [96 ** 2, 1e10]
const ALL: AreaRange = [0, 1e10]

/** As numpy.linspace rounds them: i * 0.01 is not always i / 100. */
const RECALL_THRESHOLDS: readonly number[] = Array.from({ length: 101 }, (_, i) => i * 0.01)

/**
 * COCO's box AP and AR over all images and categories of `truth`; results of other images or categories don't count.
 * Source: pycocotools' COCOeval with its default parameters and iouType 'bbox'.
 */
export function cocoAp (truth: CocoAnnotations, results: readonly CocoResult[]): CocoSummary {
  const categories = boxesByCategory(truth, results)
  const match = (range: AreaRange) => categories.map((images) => images.map((image) => matchImage(image, range)))
  const all = match(ALL)
  return summarize({
    first: averages(all, 1),
    ten: averages(all, 10),
    all: averages(all, 100),
    small: averages(match(SMALL), 100),
    medium: averages(match(MEDIUM), 100),
    large: averages(match(LARGE), 100)
  })
}

function summarize ({ first, ten, all, small, medium, large }: Record<'first' | 'ten' | 'all' | 'small' | 'medium' | 'large', Curves>): CocoSummary {
  return {
    AP: mean(all.precision),
    AP50: all.precision[0] ?? -1,
    AP75: all.precision[5] ?? -1,
    APs: mean(small.precision),
    APm: mean(medium.precision),
    APl: mean(large.precision),
    AR1: mean(first.recall),
    AR10: mean(ten.recall),
    AR100: mean(all.recall),
    ARs: mean(small.recall),
    ARm: mean(medium.recall),
    ARl: mean(large.recall)
  }
}

/** [categories, images]; an image with no box of a category is left out there. Images come by id, which decides between equal scores. */
function boxesByCategory (truth: CocoAnnotations, results: readonly CocoResult[]): ImageBoxes[][] {
  const imageIds = [...new Set(truth.images.map(({ id }) => id))].sort((a, b) => a - b)
  const truths = groupBy(truth.annotations, 'category_id')
  const detections = groupBy(results, 'category_id')
  return truth.categories.map(({ id }) => boxesByImage(imageIds, truths.get(id) ?? [], detections.get(id) ?? []))
}

function boxesByImage (imageIds: readonly number[], truths: CocoAnnotations['annotations'], detections: CocoResult[]): ImageBoxes[] {
  const truthsOf = groupBy(truths, 'image_id')
  const detectionsOf = groupBy(detections, 'image_id')
  return imageIds
    .filter((id) => truthsOf.has(id) || detectionsOf.has(id))
    .map((id) => imageBoxes(detectionsOf.get(id) ?? [], truthsOf.get(id) ?? []))
}

/** The means over the categories in which there is something to find, -1 if there are none. */
function averages (categories: readonly ImageMatches[][], maxDetections: number): Curves {
  const curves = categories.flatMap((images) => categoryCurves(images, maxDetections) ?? [])
  return {
    precision: IOU_THRESHOLDS.map((_, t) => mean(curves.map(({ precision }) => precision[t] ?? 0))),
    recall: IOU_THRESHOLDS.map((_, t) => mean(curves.map(({ recall }) => recall[t] ?? 0)))
  }
}

/** Source: pycocotools' COCOeval.accumulate. */
function categoryCurves (images: readonly ImageMatches[], maxDetections: number): Curves | undefined {
  const findable = images.reduce((total, image) => total + image.findable, 0)
  if (findable === 0) return undefined
  const ranked = images.flatMap(({ detections }) => detections.slice(0, maxDetections)).toSorted((a, b) => b.score - a.score)
  const outcomes = IOU_THRESHOLDS.map((_, t) => ranked.map((detection) => detection.outcomes[t] ?? 'ignored'))
  return {
    precision: outcomes.map((at) => averagePrecision(at, findable)),
    recall: outcomes.map((at) => at.filter((outcome) => outcome === 'hit').length / findable)
  }
}

/** The mean precision at the 101 recall thresholds, 0 at those not reached. */
function averagePrecision (ranked: readonly Outcome[], findable: number): number {
  const counted = ranked.filter((outcome) => outcome !== 'ignored')
  let hits = 0
  const hitsUpTo = counted.map((outcome) => outcome === 'hit' ? ++hits : hits)
  const precisions = envelope(hitsUpTo.map((hits, i) => hits / (i + 1)))
  let i = 0
  return mean(RECALL_THRESHOLDS.map((threshold) => {
    while ((hitsUpTo[i] ?? Infinity) / findable < threshold) i++
    return precisions[i] ?? 0
  }))
}

/** Raises each value to the largest that follows it, so that precision never rises with recall. */
function envelope (precisions: readonly number[]): number[] {
  let largest = 0
  return precisions.toReversed().map((precision) => (largest = Math.max(largest, precision))).toReversed()
}

function groupBy<Key extends string, Item extends Record<Key, number>> (items: readonly Item[], key: Key): Map<number, Item[]> {
  const groups = new Map<number, Item[]>()
  for (const item of items) {
    const group = groups.get(item[key])
    if (group) group.push(item)
    else groups.set(item[key], [item])
  }
  return groups
}

/** -1 of nothing, as pycocotools has it. */
function mean (values: readonly number[]): number {
  return values.length === 0 ? -1 : values.reduce((sum, value) => sum + value, 0) / values.length
}
