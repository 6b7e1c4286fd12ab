import type { Box } from '../../../head/decode/boxes.ts'

export type Point = readonly [x: number, y: number]
type Edge = readonly [from: Point, to: Point]

/** Whether a polygon and a box intersect, edges included (like Shapely's `intersects`). */
export function touches (polygon: readonly Point[], box: Box): boolean {
  const edges = polygon.map((point, i): Edge => [point, polygon[(i + 1) % polygon.length]!])
  return edges.some(edge => edgeTouches(edge, box)) || contains(edges, [box[0], box[1]])
}

/** Clips the edge by the box (Liang and Barsky, 1984): `start` and `end` of the remainder are fractions of its length. */
function edgeTouches ([[ax, ay], [bx, by]]: Edge, [x1, y1, x2, y2]: Box): boolean {
  if (Math.max(ax, bx) < x1 || Math.min(ax, bx) > x2 || Math.max(ay, by) < y1 || Math.min(ay, by) > y2) return false // the common case
  let [start, end] = [0, 1]
  for (const [from, to, min, max] of [[ax, bx, x1, x2], [ay, by, y1, y2]] as const) {
    if (from === to) continue
    const [a, b] = [(min - from) / (to - from), (max - from) / (to - from)]
    start = Math.max(start, Math.min(a, b))
    end = Math.min(end, Math.max(a, b))
  }
  return start <= end
}

/** Whether a ray from the point crosses the edges an odd number of times. */
const contains = (edges: readonly Edge[], [x, y]: Point): boolean =>
  edges.filter(([[ax, ay], [bx, by]]) => (ay > y) !== (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax))
    .length % 2 === 1
