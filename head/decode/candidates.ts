/** The scored boxes of predictions, before any is suppressed. */
import { best } from './best.ts'
import { distance2bbox, type Box, type Size } from './boxes.ts'
import { integral } from './integral.ts'
import type { Detection } from './nms.ts'
import type { CenterPrior } from './priors.ts'

/** A network's output for the classes: values before or after the sigmoid. */
export type Scores = 'logits' | 'probabilities'

/** Number of boxes that enter non-maximum suppression, which compares all pairs. */
export const MAX_CANDIDATES = 1000

/** More than the relative rounding error of a score: what is just below the threshold before the sigmoid may be above it after. */
const ROUNDING = 1e-15

/** The layout of predictions. */
export interface PredictionLayout {
  readonly numClasses: number
  /** Highest bin of the distance distributions. 0 means that predictions hold the distances themselves, in strides. */
  readonly regMax: number
  /** Logits by default. */
  readonly scores?: Scores
}

/** A class of a point with its score and box. Classes of one point share its box. */
export interface Candidate extends Detection {
  /** Index of its center prior. */
  readonly point: number
}

/** The candidates to look for. */
export interface Wanted {
  /** Only scores above it count, 0 … 1. */
  readonly scoreThreshold: number
  /** Class ids to look for; all by default. */
  readonly classes?: readonly number[] | undefined
}

/**
 * The best `MAX_CANDIDATES` candidates; of equal scores the first.
 * @param predictions `[points, numClasses + 4 · (regMax + 1)]` of one image; distances are always logits
 * @param priors one per point
 * @param input the network's input, which boxes are clipped to and measured in
 * @returns in the order of points, and of classes within a point
 */
export function candidates (
  predictions: Float32Array, layout: PredictionLayout, priors: readonly CenterPrior[], input: Size, wanted: Wanted
): Candidate[] {
  const values = valuesOf(layout)
  const toScore = scoreOf(layout)
  const boxes = new Map<number, Box>()
  const boxOf = (point: number): Box => {
    const box = boxes.get(point) ?? boxAt(predictions, point * values, layout, priors[point]!, input)
    boxes.set(point, box)
    return box
  }
  return places(predictions, layout, wanted).map(place => {
    const point = Math.floor(place / values)
    return { point, classId: place % values, score: toScore(predictions[place]!), box: boxOf(point) }
  })
}

/** Number of values of a point. */
export const valuesOf = ({ numClasses, regMax }: PredictionLayout): number => numClasses + 4 * (regMax + 1)

/** The conversion of predictions to scores. */
export const scoreOf = ({ scores = 'logits' }: PredictionLayout): (value: number) => number => SCORES[scores].toScore

/** Indices of the best scores above the threshold in the predictions, in the order of points, and of classes within a point. */
function places (predictions: Float32Array, layout: PredictionLayout, { scoreThreshold, classes }: Wanted): number[] {
  const values = valuesOf(layout)
  const wanted = classes ?? Array.from({ length: layout.numClasses }, (_, classId) => classId)
  const { threshold, toScore } = SCORES[layout.scores ?? 'logits']
  const scoreAt = (place: number): number => toScore(predictions[place]!)
  let least = threshold(scoreThreshold * (1 - ROUNDING))
  const sure = threshold(scoreThreshold * (1 + ROUNDING))
  const isAbove = (place: number): boolean => predictions[place]! > sure || scoreAt(place) > scoreThreshold
  let places: number[] = []
  for (let start = 0; start < predictions.length; start += values) {
    for (const classId of wanted) {
      if (!(predictions[start + classId]! > least && isAbove(start + classId))) continue
      places.push(start + classId)
      if (places.length < 2 * MAX_CANDIDATES) continue
      places = best(places, scoreAt, MAX_CANDIDATES)
      least = places.reduce((least, place) => Math.min(least, predictions[place]!), Infinity)
    }
  }
  return best(places, scoreAt, MAX_CANDIDATES)
}

function boxAt (predictions: Float32Array, start: number, { numClasses, regMax }: PredictionLayout, prior: CenterPrior, input: Size) {
  const bins = regMax + 1
  const distance = (place: number): number => regMax === 0 ? predictions[place]! : integral(predictions, place, bins)
  const side = (i: number): number => distance(start + numClasses + i * bins) * prior.stride
  return distance2bbox(prior.x, prior.y, [side(0), side(1), side(2), side(3)], input)
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** The sigmoid's inverse: scores are compared before the sigmoid, which nearly all of them then don't need. */
const logit = (score: number): number => Math.log(score / (1 - score))

const identity = (x: number): number => x

/** The value that a prediction must exceed for a score threshold, and the conversion of predictions to scores. */
const SCORES: Record<Scores, { threshold: (score: number) => number, toScore: (value: number) => number }> = {
  logits: { threshold: logit, toScore: sigmoid },
  probabilities: { threshold: identity, toScore: identity }
}
