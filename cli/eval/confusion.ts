/** Which classes are taken for which. */
import { cocoIou, isCrowd, isOptional } from './coco-matching.ts'
import { groupBy, type Annotation, type CocoResult, type GroundTruth, type Id } from './ground-truth.ts'

/** The row of detections without an object, and the column of objects without a detection. */
export const NOTHING = '(nothing)'

/** Counts by true class (row) and predicted class (column). */
export interface ConfusionMatrix {
  readonly labels: readonly string[]
  readonly counts: ReadonlyArray<readonly number[]>
}

export interface ConfusionThresholds {
  /** Only detections with a higher score count. */
  readonly score: number
  /** Boxes that overlap by at least as much are the same object. */
  readonly iou: number
}

/**
 * The confusion matrix of detections. Boxes are paired whatever their classes, largest overlap first; each counts once.
 * Detections that are left over on crowds and ignored objects don't count. Classes without an entry are left out.
 */
export function detectionConfusion (
  truth: GroundTruth, results: readonly CocoResult[], thresholds: ConfusionThresholds
): ConfusionMatrix {
  const tally = new Tally([...truth.categories.map(({ name }) => name), NOTHING])
  const rowOf = new Map(truth.categories.map(({ id }, i) => [id, i]))
  const nothing = truth.categories.length
  const truthsOf = groupBy(truth.annotations.filter(({ category_id: id }) => rowOf.has(id)), 'image_id')
  const confident = results.filter(({ score, category_id: id }) => score > thresholds.score && rowOf.has(id))
  const detectionsOf = groupBy(confident, 'image_id')
  const indexOf = (id: Id | undefined): number => id === undefined ? nothing : rowOf.get(id)!
  for (const { id } of truth.images) {
    const paired = pairs(truthsOf.get(id) ?? [], detectionsOf.get(id) ?? [], thresholds.iou)
    for (const [real, found] of paired) tally.add(indexOf(real), indexOf(found))
  }
  return tally.used()
}

/** The confusion matrix of a classifier. @param pairs true and predicted class ids */
export function classConfusion (
  labels: readonly string[], pairs: ReadonlyArray<readonly [real: number, predicted: number]>
): ConfusionMatrix {
  const tally = new Tally(labels)
  for (const [real, predicted] of pairs) tally.add(real, predicted)
  return tally.used()
}

class Tally {
  readonly #labels: readonly string[]
  readonly #counts: number[][]

  constructor (labels: readonly string[]) {
    this.#labels = labels
    this.#counts = labels.map(() => labels.map(() => 0))
  }

  add (row: number, column: number): void { this.#counts[row]![column]!++ }

  /** Without classes that have no entry. */
  used (): ConfusionMatrix {
    const isUsed = (i: number): boolean => this.#counts.some((row, j) => row[i]! > 0 || this.#counts[i]![j]! > 0)
    const used = [...this.#labels.keys()].filter(isUsed)
    return { labels: used.map(i => this.#labels[i]!), counts: used.map(i => used.map(j => this.#counts[i]![j]!)) }
  }
}

type Pair = readonly [real: Id | undefined, found: Id | undefined]

function pairs (truths: readonly Annotation[], detections: readonly CocoResult[], minIou: number): Pair[] {
  const objects = truths.filter(truth => !isOptional(truth))
  const overlaps = detections.flatMap((detection, d) =>
    objects.map((object, t) => ({ d, t, iou: cocoIou(detection.bbox, object.bbox, false) })))
  const [foundBy, objectOf] = [new Map<number, number>(), new Map<number, number>()]
  for (const { d, t } of overlaps.filter(({ iou }) => iou >= minIou).sort((a, b) => b.iou - a.iou)) {
    if (foundBy.has(t) || objectOf.has(d)) continue
    foundBy.set(t, d)
    objectOf.set(d, t)
  }
  const optional = truths.filter(isOptional)
  const isIgnored = ({ bbox }: CocoResult): boolean =>
    optional.some(truth => cocoIou(bbox, truth.bbox, isCrowd(truth)) >= minIou)
  const extra = detections.filter((detection, d) => !objectOf.has(d) && !isIgnored(detection))
  return [
    ...objects.map((object, t): Pair => [object.category_id, detections[foundBy.get(t) ?? -1]?.category_id]),
    ...extra.map((detection): Pair => [undefined, detection.category_id])
  ]
}
