import type { Annotation, CocoBox } from './ground-truth.ts'

/** Smallest and largest area in square pixels, both included. */
export type AreaRange = readonly [number, number]

export type TruthBox = Pick<Annotation, 'bbox' | 'area' | 'iscrowd' | 'ignore'>

export interface ScoredBox { readonly bbox: CocoBox, readonly score: number }

/** One image's boxes of one category, the detection with the highest score first; `ious` is `[detections, truths]`. */
export interface ImageBoxes {
  readonly detections: readonly ScoredBox[]
  readonly truths: readonly TruthBox[]
  readonly ious: ReadonlyArray<readonly number[]>
}

export type Outcome = 'hit' | 'miss' | 'ignored'

/** A detection and its outcome at each of IOU_THRESHOLDS. */
export interface MatchedDetection { readonly score: number, readonly outcomes: readonly Outcome[] }

/** An image's detections, highest score first, and its number of objects to find. */
export interface ImageMatches { readonly detections: readonly MatchedDetection[], readonly findable: number }

/** 0.50 to 0.95 in steps of 0.05, rounded as by numpy.linspace: its 0.9 is a bit below the literal. */
export const IOU_THRESHOLDS: readonly number[] = Array.from({ length: 10 }, (_, i) => 0.5 + i * ((0.95 - 0.5) / 9))

/**
 * Intersection over union of a detection and a ground truth. For a crowd, the share of the detection that lies in it.
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

/** Sorts an image's detections of a category by score (stable), and computes their IoU with its ground truths. */
export function imageBoxes (detections: readonly ScoredBox[], truths: readonly TruthBox[]): ImageBoxes {
  const ranked = detections.toSorted((a, b) => b.score - a.score)
  const ious = ranked.map(({ bbox }) => truths.map(truth => cocoIou(bbox, truth.bbox, isCrowd(truth))))
  return { detections: ranked, truths, ious }
}

/**
 * Matches each detection, highest score first, to the free ground truth that it overlaps most, at every IoU threshold.
 * Crowds, ignored objects and those outside `range` are matched only if no other fits; the detection is then ignored,
 * as is an unmatched one outside `range`. Crowds and ignored objects match any number of detections.
 * Source: pycocotools' COCOeval.evaluateImg; for ignored objects, VOCevaldet.m of Pascal VOC's development kit.
 */
export function matchImage (boxes: ImageBoxes, range: AreaRange): ImageMatches {
  const indices = [...boxes.truths.keys()]
  const isFindable = (i: number) => !isOptional(boxes.truths[i]!) && isWithin(boxes.truths[i]!.area, range)
  const findable = indices.filter(isFindable)
  const ignored = indices.filter(i => !isFindable(i))
  const outcomes = IOU_THRESHOLDS.map(threshold => matchAt(threshold, boxes, { findable, ignored, range }))
  const detections = boxes.detections.map(({ score }, d) => ({ score, outcomes: outcomes.map(at => at[d]!) }))
  return { detections, findable: findable.length }
}

/** `findable` and `ignored` are indices of ground truths. */
interface Candidates {
  readonly findable: readonly number[]
  readonly ignored: readonly number[]
  readonly range: AreaRange
}

function matchAt (
  threshold: number, { detections, truths, ious }: ImageBoxes, { findable, ignored, range }: Candidates
): Outcome[] {
  const taken = new Set<number>()
  return detections.map(({ bbox: [, , w, h] }, d) => {
    const overlaps = ious[d]!
    const found = bestMatch(overlaps, findable, taken, threshold)
    const match = found ?? bestMatch(overlaps, ignored, taken, threshold)
    if (match === undefined) return isWithin(w * h, range) ? 'miss' : 'ignored'
    if (!isOptional(truths[match]!)) taken.add(match)
    return found === undefined ? 'ignored' : 'hit'
  })
}

/** Of equal overlaps the last wins, as in pycocotools. */
function bestMatch (
  overlaps: readonly number[], candidates: readonly number[], taken: ReadonlySet<number>, threshold: number
): number | undefined {
  let largest = threshold
  let best: number | undefined
  for (const i of candidates) {
    const overlap = overlaps[i]!
    if (taken.has(i) || overlap < largest) continue
    largest = overlap
    best = i
  }
  return best
}

export const isCrowd = ({ iscrowd }: TruthBox): boolean => iscrowd === 1

/** Whether an object need not be found. */
export const isOptional = (truth: TruthBox): boolean => isCrowd(truth) || truth.ignore === true

function isWithin (area: number, [smallest, largest]: AreaRange): boolean {
  return area >= smallest && area <= largest
}
