import type { TruthBox } from '../spec.ts'

/** Smallest union, against division by zero. */
const MIN_UNION = 1e-6

/** Intersection over union of a box and x1, y1, x2, y2, which may be turned round: then the union is smaller. */
export function overlap (box: TruthBox['box'], x1: number, y1: number, x2: number, y2: number): number {
  const width = Math.min(box[2], x2) - Math.max(box[0], x1)
  const height = Math.min(box[3], y2) - Math.max(box[1], y1)
  const common = width > 0 && height > 0 ? width * height : 0
  const union = (box[2] - box[0]) * (box[3] - box[1]) + (x2 - x1) * (y2 - y1) - common
  return common / Math.max(union, MIN_UNION)
}
