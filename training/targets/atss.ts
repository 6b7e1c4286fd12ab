/**
 * Adaptive Training Sample Selection: Bridging the Gap Between Anchor-based and Anchor-free Detection. https://arxiv.org/abs/1912.02424
 * Upstream: nanodet/model/head/assigner/atss_assigner.py
 */
import type { TruthBox } from '../spec.ts'
import { assignmentOf, type Assignment } from './assignment.ts'
import { overlap } from './overlap.ts'
import type { Points } from './points.ts'
import { smallest } from './smallest.ts'

/** Points of each level that an object can get. */
const CANDIDATES = 9
/** Sides of a point's anchor, in strides. */
const ANCHOR = 5
/** A point has to lie inside its box by more than this, in pixels. */
const MARGIN = 0.01

/**
 * Assigns points to objects by the IoU of their anchors. It needs no predictions.
 * @param objects boxes in pixels of the input
 */
export function assignAtss (objects: readonly TruthBox[], points: Points): Assignment {
  const owners = new Int32Array(points.x.length).fill(-1)
  const best = new Float64Array(points.x.length).fill(-1)
  objects.forEach(({ box }, object) => {
    const candidates = nearestPoints(box, points)
    const ious = candidates.map(point => anchorOverlap(box, points, point))
    const threshold = meanPlusDeviation(ious)
    candidates.forEach((point, i) => {
      if (ious[i]! < threshold || ious[i]! <= best[point]! || !isInside(box, points, point)) return
      owners[point] = object
      best[point] = ious[i]!
    })
  })
  return assignmentOf(owners, point => best[point]!)
}

/** Of each level, the points nearest to the box's center. They are in the nearest columns and rows, as many of each. */
function nearestPoints ([x1, y1, x2, y2]: TruthBox['box'], { x, y, levels }: Points): number[] {
  const [cx, cy] = [(x1 + x2) / 2, (y1 + y2) / 2]
  return levels.flatMap(({ first, columns, rows, stride }) => {
    const [left, width] = window((cx - x[first]!) / stride, columns)
    const [top, height] = window((cy - y[first]!) / stride, rows)
    const pointAt = (i: number): number => first + (top + Math.floor(i / width)) * columns + left + i % width
    const distance = (i: number): number => (x[pointAt(i)]! - cx) ** 2 + (y[pointAt(i)]! - cy) ** 2
    return smallest(CANDIDATES, 0, width * height, distance).map(pointAt)
  })
}

/** Of so many columns, the ones nearest to a place: the first, and their number. */
function window (place: number, count: number): [first: number, size: number] {
  const size = Math.min(CANDIDATES, count)
  const first = Math.round(place) - (CANDIDATES >> 1)
  return [Math.min(Math.max(first, 0), count - size), size]
}

function anchorOverlap (box: TruthBox['box'], { x, y, strides }: Points, point: number): number {
  const half = strides[point]! * ANCHOR / 2
  return overlap(box, x[point]! - half, y[point]! - half, x[point]! + half, y[point]! + half)
}

/** With the deviation of a sample, n − 1. */
function meanPlusDeviation (values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return mean + Math.sqrt(squares / Math.max(values.length - 1, 1))
}

function isInside ([x1, y1, x2, y2]: TruthBox['box'], { x, y }: Points, point: number): boolean {
  return Math.min(x[point]! - x1, y[point]! - y1, x2 - x[point]!, y2 - y[point]!) > MARGIN
}
