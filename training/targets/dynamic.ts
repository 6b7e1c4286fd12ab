/**
 * NanoDet-Plus's dynamic soft label assigner, after SimOTA of YOLOX (https://arxiv.org/abs/2107.08430).
 * Upstream: nanodet/model/head/assigner/dsl_assigner.py
 */
import type { TruthBox } from '../spec.ts'
import { assignmentOf, type Assignment } from './assignment.ts'
import { overlap } from './overlap.ts'
import type { Points } from './points.ts'
import { smallest } from './smallest.ts'

/** The sum of so many of an object's IoUs, the largest, is the number of its points. */
const TOP = 13
/** Weight of the boxes' cost. */
const BOX_WEIGHT = 3
const MIN_OVERLAP = 1e-7

/** What a photo's points predict, as planes of one value a point. */
export interface Predicted {
  /** Corners in pixels of the input: planes of x1, y1, x2, y2. */
  readonly boxes: Float32Array
  /** A plane of logits for each class. */
  readonly logits: Float32Array
  /** Of each point, Σ softplus(x)·σ(x)² over its logits: its cost if it were background. */
  readonly costs: Float32Array
}

/** Assigns points to objects by what they predict already: to each object, those that agree with it best. */
export function assignDynamic (objects: readonly TruthBox[], predicted: Predicted, points: Points): Assignment {
  const valid = pointsInside(objects, points)
  const { overlaps, costs } = compare(objects, predicted, valid, points.x.length)
  const owners = new Int32Array(points.x.length).fill(-1)
  const claims = new Uint8Array(valid.length)
  objects.forEach((_, object) => {
    const row = object * valid.length
    const count = Math.max(1, Math.floor(sum(largest(overlaps.subarray(row, row + valid.length)))))
    for (const i of smallest(count, 0, valid.length, i => costs[row + i]!)) {
      owners[valid[i]!] = claims[i]!++ === 0 ? object : cheapestObject(costs, valid.length, i)
    }
  })
  const places = new Int32Array(points.x.length)
  valid.forEach((point, i) => { places[point] = i })
  return assignmentOf(owners, (point, object) => overlaps[object * valid.length + places[point]!]!)
}

/** The points strictly inside any box. */
function pointsInside (objects: readonly TruthBox[], { x, y }: Points): Int32Array {
  const isInside = (i: number): boolean =>
    objects.some(({ box }) => x[i]! > box[0] && y[i]! > box[1] && x[i]! < box[2] && y[i]! < box[3])
  return Int32Array.from(x.keys()).filter(isInside)
}

/** IoUs and costs of each object, `[objects, valid points]`. */
function compare (objects: readonly TruthBox[], { boxes, logits, costs: background }: Predicted, valid: Int32Array, count: number) {
  const overlaps = new Float32Array(objects.length * valid.length)
  const costs = new Float32Array(objects.length * valid.length)
  const classes = new Map<number, ClassValues>()
  objects.forEach(({ box, label }, object) => {
    const { softplus, sigmoid } = classes.get(label) ?? classValues(logits.subarray(label * count, (label + 1) * count), valid)
    classes.set(label, { softplus, sigmoid })
    for (let i = 0, at = object * valid.length; i < valid.length; i++, at++) {
      const point = valid[i]!
      const iou = overlap(box, boxes[point]!, boxes[count + point]!, boxes[2 * count + point]!, boxes[3 * count + point]!)
      const entropy = softplus[i]! - logits[label * count + point]! * iou
      const classCost = background[point]! - softplus[i]! * sigmoid[i]! ** 2 + entropy * (iou - sigmoid[i]!) ** 2
      overlaps[at] = iou
      costs[at] = classCost - BOX_WEIGHT * Math.log(iou + MIN_OVERLAP)
    }
  })
  return { overlaps, costs }
}

interface ClassValues { readonly softplus: Float64Array, readonly sigmoid: Float64Array }

/** softplus(x) and σ(x) of the valid points' logits. */
function classValues (logits: Float32Array, valid: Int32Array): ClassValues {
  const softplus = new Float64Array(valid.length)
  const sigmoid = new Float64Array(valid.length)
  for (let i = 0; i < valid.length; i++) {
    const x = logits[valid[i]!]!
    const small = Math.exp(-Math.abs(x))
    softplus[i] = Math.max(x, 0) + Math.log1p(small)
    sigmoid[i] = (x < 0 ? small : 1) / (1 + small)
  }
  return { softplus, sigmoid }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** The largest values. */
const largest = (values: Float32Array): number[] => smallest(TOP, 0, values.length, i => -values[i]!).map(i => values[i]!)

/** Of all objects, the one that a valid point is cheapest for. */
function cheapestObject (costs: Float32Array, count: number, i: number): number {
  let best = i
  for (let at = i; at < costs.length; at += count) if (costs[at]! < costs[best]!) best = at
  return (best - i) / count
}
