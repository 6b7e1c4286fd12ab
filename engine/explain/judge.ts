import { fates, type Detection } from '../../head/decode/nms.ts'
import type { Cell, ExplainedCandidate, ScoredClass } from './explanation.ts'

/** How candidates become detections. */
export interface Thresholds {
  readonly scoreThreshold: number
  readonly iouThreshold: number
  readonly maxDetections: number
  /** Class ids to look for; all by default. */
  readonly classes?: readonly number[] | undefined
}

/**
 * Decides which candidates are detections, as POST /detect does: the kept ones, in their order, are its result.
 * @param candidates best first
 * @returns the same candidates, in the same order, each with its state; those of unwanted classes are left out
 */
export function judge (candidates: readonly ScoredClass[], cells: readonly Pick<Cell, 'input_box'>[], options: Thresholds): ExplainedCandidate[] {
  const { scoreThreshold, iouThreshold, maxDetections, classes } = options
  const wanted = candidates.filter(({ class_id: classId }) => classes?.includes(classId) ?? true)
  const above = wanted.filter(({ score }) => score > scoreThreshold)
  const decided = fates(above.map(candidate => toDetection(candidate, cells)), iouThreshold, maxDetections)
  return wanted.map((candidate, i) => ({ ...scored(candidate), ...decided[i] ?? { state: 'below_threshold' } }))
}

const toDetection = ({ cell, class_id: classId, score }: ScoredClass, cells: readonly Pick<Cell, 'input_box'>[]): Detection =>
  ({ classId, score, box: cells[cell]!.input_box })

/** Without the state that it may have. */
const scored = ({ cell, class_id: classId, score }: ScoredClass): ScoredClass => ({ cell, class_id: classId, score })
