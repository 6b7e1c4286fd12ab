import { iou, type Box } from './boxes.ts'

/** A scored box. */
export interface Detection { readonly classId: number, readonly score: number, readonly box: Box }

/**
 * What non-maximum suppression does with a box: it keeps it, suppresses it for a kept one (`by`, an index) that it overlaps by `iou`, or,
 * once it has kept as many as allowed, leaves it out.
 */
export type Fate =
  | { readonly state: 'kept' }
  | { readonly state: 'suppressed', readonly by: number, readonly iou: number }
  | { readonly state: 'beyond_maximum' }

/**
 * Non-maximum suppression per class: of boxes that overlap by more than `iouThreshold`, the best stays.
 * Returns up to `limit`, best first; equal scores keep their order (upstream: nanodet/model/module/nms.py, multiclass_nms).
 */
export function nms<D extends Detection> (candidates: readonly D[], iouThreshold: number, limit: number): D[] {
  const sorted = bestFirst(candidates)
  const suppressed = fates(sorted, iouThreshold, limit)
  return sorted.filter((_, i) => suppressed[i]!.state === 'kept')
}

/** Equal scores keep their order. */
export const bestFirst = <D extends Detection>(candidates: readonly D[]): D[] => candidates.toSorted((a, b) => b.score - a.score)

/** The fate of each box of a list that is sorted best first. */
export function fates (sorted: readonly Detection[], iouThreshold: number, limit: number): Fate[] {
  const keptOfClass = new Map<number, number[]>()
  let kept = 0
  return sorted.map(({ classId, box }, i): Fate => {
    if (kept >= limit) return { state: 'beyond_maximum' }
    const rivals = keptOfClass.get(classId) ?? []
    const by = rivals.find(rival => iou(sorted[rival]!.box, box) > iouThreshold)
    if (by !== undefined) return { state: 'suppressed', by, iou: iou(sorted[by]!.box, box) }
    rivals.push(i)
    keptOfClass.set(classId, rivals)
    kept++
    return { state: 'kept' }
  })
}
