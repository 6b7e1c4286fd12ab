/** A box as COCO writes it: x and y of the top left corner, width, height; pixels. */
export type CocoBox = readonly [number, number, number, number]

/** Smallest and largest area in square pixels, both included. */
export type AreaRange = readonly [number, number]

export interface TruthBox { bbox: CocoBox, area: number, iscrowd?: 0 | 1 }

export interface ScoredBox { bbox: CocoBox, score: number }

/** One image's boxes of one category, the best detection first; `ious` is [detections, truths]. */
export interface ImageBoxes {
  detections: readonly ScoredBox[]
  truths: readonly TruthBox[]
  ious: readonly (readonly number[])[]
}

export type Outcome = 'hit' | 'miss' | 'ignored'

/** A detection and what became of it at each of IOU_THRESHOLDS. */
export interface MatchedDetection { score: number, outcomes: readonly Outcome[] }

/** An image's detections, the best first, and how many ground truths there were to find. */
export interface ImageMatches { detections: readonly MatchedDetection[], findable: number }

/** .50:.05:.95 with numpy.linspace's rounding: its .9 is a bit below the literal. */
export const IOU_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) => 0.5 + i * ((0.95 - 0.5) / 9))

/**
 * Intersection over union of a detection and a ground truth; over the detection's own area where the truth is a crowd.
 * Source: pycocotools' bbIou.
 */
export function cocoIou (detection: CocoBox, truth: CocoBox, crowd: boolean): number {
  const [x, y, w, h] = detection
  const [truthX, truthY, truthW, truthH] = truth
  const width = Math.min(x + w, truthX + truthW) - Math.max(x, truthX)
  const height = Math.min(y + h, truthY + truthH) - Math.max(y, truthY)
  if (width <= 0 || height <= 0) return 0
  const overlap = width * height
  return overlap / (crowd ? w * h : w * h + truthW * truthH - overlap)
}

/** Ranks an image's detections of a category, equal scores in the given order, and measures them against its ground truths. */
export function imageBoxes (detections: readonly ScoredBox[], truths: readonly TruthBox[]): ImageBoxes {
  const ranked = detections.toSorted((a, b) => b.score - a.score)
  const ious = ranked.map(({ bbox }) => truths.map((truth) => cocoIou(bbox, truth.bbox, isCrowd(truth))))
  return { detections: ranked, truths, ious }
}

/**
 * Gives each detection, the best first, the free ground truth it overlaps most, at every IoU threshold. Crowds and truths
 * outside `range` are given only where no other will do; the detection is then ignored, as is an unmatched one outside `range`.
 * Source: pycocotools' COCOeval.evaluateImg.
 */
export function matchImage (boxes: ImageBoxes, range: AreaRange): ImageMatches {
  const indices = [...boxes.truths.keys()]
  const isFindable = (i: number) => !isCrowd(boxes.truths[i]) && isWithin(boxes.truths[i]?.area ?? 0, range)
  const findable = indices.filter(isFindable)
  const ignored = indices.filter((i) => !isFindable(i))
  const outcomes = IOU_THRESHOLDS.map((threshold) => matchAt(threshold, boxes, { findable, ignored, range }))
  const detections = boxes.detections.map(({ score }, d) => ({ score, outcomes: outcomes.map((at) => at[d] ?? 'ignored') }))
  return { detections, findable: findable.length }
}

/** `findable` and `ignored` are indices of ground truths. */
interface Candidates { findable: readonly number[], ignored: readonly number[], range: AreaRange }

function matchAt (threshold: number, { detections, truths, ious }: ImageBoxes, { findable, ignored, range }: Candidates): Outcome[] {
  const taken = new Set<number>()
  return detections.map(({ bbox: [, , w, h] }, d) => {
    const overlaps = ious[d] ?? []
    const found = bestMatch(overlaps, findable, taken, threshold)
    const match = found ?? bestMatch(overlaps, ignored, taken, threshold)
    if (match === undefined) return isWithin(w * h, range) ? 'miss' : 'ignored'
    if (!isCrowd(truths[match])) taken.add(match)
    return found === undefined ? 'ignored' : 'hit'
  })
}

/** Of equal overlaps the last wins, as in pycocotools. */
function bestMatch (overlaps: readonly number[], candidates: readonly number[], taken: Set<number>, threshold: number): number | undefined {
  let largest = threshold
  let best: number | undefined
  for (const i of candidates) {
    const overlap = overlaps[i] ?? 0
    if (taken.has(i) || overlap < largest) continue
    largest = overlap
    best = i
  }
  return best
}

function isCrowd (truth: TruthBox | undefined): boolean {
  return truth?.iscrowd === 1
}

function isWithin (area: number, [smallest, largest]: AreaRange): boolean {
  return area >= smallest && area <= largest
}
