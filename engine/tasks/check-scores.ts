/** Checks a network's first outputs, which reveal wrong descriptions and wrong guesses. */
import type { DetectorConfig, OpaqueClassifierConfig } from '../../models/config.ts'
import { ModelFileError } from '../../models/errors.ts'

/** Rounding of half precision. */
const TOLERANCE = 0.01
/** Share of boxes whose right side may lie left of the left one, or the bottom above the top. */
const MAX_INVERTED = 0.1

/**
 * Refuses predictions that can't be what the config says: scores that are no probabilities, or boxes turned inside out.
 * @param predictions `[1, points, numClasses + 4 · (regMax + 1)]`
 * @throws ModelFileError naming the key to set
 */
export function checkPredictions (predictions: Float32Array, { name, labels, head: { regMax }, scores }: DetectorConfig): void {
  const width = labels.length + 4 * (regMax + 1)
  if (scores === 'probabilities') {
    checkProbabilities(predictions.filter((_, i) => i % width < labels.length), name, '"labels", "head" or "boxes" don\'t fit the graph')
  }
  if (regMax === 0) checkSides(predictions, width, name)
}

/** Refuses a classifier's outputs that can't be what the config says. @throws ModelFileError naming the key to set */
export function checkClasses (outputs: Float32Array, { name, scores }: Pick<OpaqueClassifierConfig, 'name' | 'scores'>): void {
  if (scores === 'probabilities') checkProbabilities(outputs, name, 'the graph is not a classifier')
}

function checkProbabilities (scores: Float32Array, name: string, otherwise: string): void {
  const [min, max] = scores.reduce(([min, max], x) => [Math.min(min, x), Math.max(max, x)], [Infinity, -Infinity])
  if (min >= -TOLERANCE && max <= 1 + TOLERANCE) return
  throw new ModelFileError(name, `scores of a black image range from ${inShort(min)} to ${inShort(max)}, not from 0 to 1. If they are ` +
    `logits, set "scores": "logits" in ${name}.json; otherwise ${otherwise}`)
}

const inShort = (x: number): string => String(Number(x.toPrecision(3)))

/** Left plus right is a box's width, top plus bottom its height, wherever its point lies. */
function checkSides (predictions: Float32Array, width: number, name: string): void {
  const points = predictions.length / width
  let inverted = 0
  for (let end = width; end <= predictions.length; end += width) {
    const [left, top, right, bottom] = predictions.subarray(end - 4, end) as unknown as [number, number, number, number]
    if (!(left + right >= -TOLERANCE && top + bottom >= -TOLERANCE)) inverted++
  }
  if (inverted <= MAX_INVERTED * points) return
  throw new ModelFileError(name, `${inverted} of ${points} boxes of a black image have x2 < x1 or y2 < y1. Set "boxes": "corners" or "distances" ` +
    `in ${name}.json, whichever the graph returns; or put NanoDet's config beside the graph as ${name}.yml`)
}
