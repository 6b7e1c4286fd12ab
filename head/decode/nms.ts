import { iou, type Box } from './boxes.ts'

/** A scored box. */
export interface Detection { readonly classId: number, readonly score: number, readonly box: Box }

/**
 * Non-maximum suppression per class: of boxes that overlap by more than `iouThreshold`, the best stays.
 * Returns up to `limit`, best first; equal scores keep their order (upstream: nanodet/model/module/nms.py, multiclass_nms).
 */
export function nms (candidates: readonly Detection[], iouThreshold: number, limit: number): Detection[] {
  const kept: Detection[] = []
  const keptOfClass = new Map<number, Detection[]>()
  for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
    if (kept.length >= limit) break
    const rivals = keptOfClass.get(candidate.classId) ?? []
    if (rivals.some(rival => iou(rival.box, candidate.box) > iouThreshold)) continue
    kept.push(candidate)
    rivals.push(candidate)
    keptOfClass.set(candidate.classId, rivals)
  }
  return kept
}
