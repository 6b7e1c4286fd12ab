/**
 * decode.ts as part of the network: predictions → boxes.
 * The integral is Generalized Focal Loss', https://arxiv.org/abs/2006.04388.
 */
import * as op from '../../nn/ops.ts'
import { gatherNd, indexSelect, nonMaxSuppression, topIndices } from '../../nn/selection.ts'
import { floats, type Tensor } from '../../nn/tensor.ts'
import type { Size } from './boxes.ts'
import type { PredictionLayout } from './candidates.ts'
import type { DecodeOptions } from './decode.ts'
import type { CenterPrior } from './priors.ts'

/** Thresholds. Classes can't be chosen: a graph detects all. */
export type Thresholds = Omit<DecodeOptions, 'classes'>

/** Detections, best first. Their number is known only when the network runs. */
export interface DetectionTensors {
  /** Corners `[top, 4]` in pixels of the network's input: x1, y1, x2, y2. */
  readonly boxes: Tensor
  /** `[top]`, 0 … 1 */
  readonly scores: Tensor
  /** int64 `[top]` */
  readonly classIds: Tensor
}

/** Left and top are subtracted from a point, right and bottom added. */
const SIDES = [-1, -1, 1, 1]

/**
 * The detections of `decode` in the same order, except that equal scores are ordered by class, not by point.
 * All boxes above the threshold enter the suppression, not only the best.
 * @param predictions logits `[1, points, numClasses + 4 · (regMax + 1)]`
 * @param priors one per point
 * @param input the network's input, which boxes are clipped to and measured in
 */
export function decodeInGraph (
  predictions: Tensor, { numClasses, regMax }: PredictionLayout, priors: readonly CenterPrior[], input: Size, options: Thresholds
): DetectionTensors {
  const [logits, distributions] = op.split(predictions, [numClasses, 4 * (regMax + 1)], 2) as [Tensor, Tensor]
  const scores = op.transpose(op.sigmoid(logits), [0, 2, 1]) // [1, classes, points]
  return best(boxesAt(integral(distributions, regMax, priors.length), priors, input), scores, options)
}

/** The expected bins: logits `[1, points, 4 · (regMax + 1)]` → `[1, points, 4]`, in strides. */
function integral (distributions: Tensor, regMax: number, points: number): Tensor {
  const bins = Float32Array.from({ length: regMax + 1 }, (_, bin) => bin)
  const masses = op.softmax(op.reshape(distributions, [1, points, 4, bins.length]), 3)
  return op.flatten(op.matmul(masses, floats([bins.length, 1], bins)), 2, 3)
}

/** Distances in strides `[1, points, 4]` → corners, clipped to the input. */
function boxesAt (distances: Tensor, priors: readonly CenterPrior[], { width, height }: Size): Tensor {
  const perSide = (values: number[]): Tensor => floats([1, priors.length, 4], Float32Array.from(values))
  const strides = perSide(priors.flatMap(({ stride }) => SIDES.map(side => side * stride)))
  const points = perSide(priors.flatMap(({ x, y }) => [x, y, x, y]))
  const corners = op.add(points, op.mul(distances, strides))
  return op.min(op.max(corners, floats([1], Float32Array.of(0))), floats([4], Float32Array.of(width, height, width, height)))
}

/** Up to `maxDetections` of a class can be among the best of all. */
function best (boxes: Tensor, scores: Tensor, { maxDetections, ...thresholds }: Thresholds): DetectionTensors {
  const selected = nonMaxSuppression(boxes, scores, { ...thresholds, maxPerClass: maxDetections })
  const order = topIndices(gatherNd(scores, selected), maxDetections)
  const kept = indexSelect(selected, order)
  const [, classIds, points] = op.split(kept, [1, 1, 1]).map(column => op.flatten(column, 0, 1)) as [Tensor, Tensor, Tensor]
  return { boxes: indexSelect(op.flatten(boxes, 0, 1), points), scores: gatherNd(scores, kept), classIds }
}
