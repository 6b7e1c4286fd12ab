/** Predictions → boxes, as upstream's head.post_process does it. Upstream: nanodet/model/head/nanodet_plus_head.py, gfl_head.py */
import { distance2bbox, type Size } from './boxes.ts'
import { integral } from './integral.ts'
import { nms, type Detection } from './nms.ts'
import type { CenterPrior } from './priors.ts'

/** What a network gives for the classes: numbers before the sigmoid, or what it makes of them. */
export type Scores = 'logits' | 'probabilities'

/** What the numbers of a prediction mean. */
export interface PredictionLayout {
  readonly numClasses: number
  /** Highest bin of the distance distributions. */
  readonly regMax: number
  /** Logits where it is left out. */
  readonly scores?: Scores
}

export interface DecodeOptions {
  /** Only scores above it count, 0 … 1. */
  readonly scoreThreshold: number
  /** Boxes of one class that overlap by more are one object, 0 … 1. */
  readonly iouThreshold: number
  readonly maxDetections: number
  /** Class ids to look for; all where it is left out. */
  readonly classes?: readonly number[] | undefined
}

/**
 * @param predictions `[points, numClasses + 4 · (regMax + 1)]` of one image; distances are logits, whatever the scores are
 * @param priors one a point
 * @param input the network's input, which boxes are clipped to and measured in
 * @returns best first
 */
export function decode (
  predictions: Float32Array, layout: PredictionLayout, priors: readonly CenterPrior[], input: Size, options: DecodeOptions
): Detection[] {
  return nms(candidates(predictions, layout, priors, input, options), options.iouThreshold, options.maxDetections)
}

/** Every class of every point whose score is above the threshold. */
function candidates (
  predictions: Float32Array, layout: PredictionLayout, priors: readonly CenterPrior[], input: Size, options: DecodeOptions
): Detection[] {
  const values = layout.numClasses + 4 * (layout.regMax + 1)
  const classes = options.classes ?? Array.from({ length: layout.numClasses }, (_, classId) => classId)
  const { threshold, toScore } = SCORES[layout.scores ?? 'logits']
  const least = threshold(options.scoreThreshold)
  const found: Detection[] = []
  let start = 0
  for (const prior of priors) {
    for (const classId of classes) {
      const value = predictions[start + classId]!
      if (value > least) found.push({ classId, score: toScore(value), box: boxAt(predictions, start, layout, prior, input) })
    }
    start += values
  }
  return found
}

function boxAt (predictions: Float32Array, start: number, { numClasses, regMax }: PredictionLayout, prior: CenterPrior, input: Size) {
  const bins = regMax + 1
  const side = (i: number): number => integral(predictions, start + numClasses + i * bins, bins) * prior.stride
  return distance2bbox(prior.x, prior.y, [side(0), side(1), side(2), side(3)], input)
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** The sigmoid's inverse: scores are compared before the sigmoid, which nearly all of them then don't need. */
const logit = (score: number): number => Math.log(score / (1 - score))

const identity = (x: number): number => x

/** The number that a prediction has to exceed for a score's threshold, and the score that it is. */
const SCORES: Record<Scores, { threshold: (score: number) => number, toScore: (value: number) => number }> = {
  logits: { threshold: logit, toScore: sigmoid },
  probabilities: { threshold: identity, toScore: identity }
}
