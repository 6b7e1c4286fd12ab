import { clipBox, type Box, type Size } from '../../head/decode/boxes.ts'
import type { TruthBox } from '../spec.ts'
import { apply, type Matrix } from './matrix.ts'

/** Shortest side in pixels of the network's input, and share of its area on it, of an object that is still to be learned. */
const SHORTEST_SIDE = 2
const VISIBLE_SHARE = 0.1

/** The box around a warped box. Upstream: nanodet/data/transform/warp.py, warp_boxes */
export function warpedBox (matrix: Matrix, [x1, y1, x2, y2]: Box): Box {
  const corners = [apply(matrix, x1, y1), apply(matrix, x2, y2), apply(matrix, x1, y2), apply(matrix, x2, y1)]
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

/**
 * The objects that can be seen on the canvas, with their boxes clipped to it. Upstream keeps all, even those outside, and its assigners
 * ignore most; here objects go that are smaller than 2 pixels or of which less than a tenth is left.
 */
export function warpedObjects (matrix: Matrix, objects: readonly TruthBox[], canvas: Size): TruthBox[] {
  return objects.flatMap(({ box, label }) => {
    const whole = warpedBox(matrix, box)
    const seen = clipBox(whole, canvas)
    const isSeen = Math.min(seen[2] - seen[0], seen[3] - seen[1]) >= SHORTEST_SIDE && area(seen) >= VISIBLE_SHARE * area(whole)
    return isSeen ? [{ box: seen, label }] : []
  })
}

const area = ([x1, y1, x2, y2]: Box): number => (x2 - x1) * (y2 - y1)
