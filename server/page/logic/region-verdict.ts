/** The verdict on the region at the page's own thresholds. */
import type { BestCell, ExplainedCandidate, RegionExplanation, Verdict, VerdictKind } from '../../../engine/explain/explanation.ts'
import { verdictOf } from '../../../engine/explain/verdict.ts'
import type { ExplainReply } from './server.ts'
import { candidateKey, judged } from './shown.ts'
import type { State } from './state.ts'

/** A verdict, and the candidates as judged for it. */
export interface JudgedRegion {
  readonly verdict: Verdict
  readonly candidates: readonly ExplainedCandidate[]
  readonly region: RegionExplanation
}

/** Judges the region anew, without a request; undefined if the explanation has none. */
export function judgedRegion (explanation: ExplainReply, state: Pick<State, 'score' | 'iou' | 'max'>): JudgedRegion | undefined {
  const { region } = explanation
  if (!region) return undefined
  const candidates = judged(explanation, state)
  const options = { score_threshold: state.score, iou_threshold: state.iou, max_detections: state.max }
  return { region, candidates, verdict: verdictOf({ ...explanation, candidates, options }, region) }
}

/** What a verdict means, and what helps. */
export const MEANINGS: Readonly<Record<VerdictKind, string>> = {
  found: 'The network found it: its box is a detection.',
  taken_for: 'The network found something here, but names it differently. If that is wrong, a larger model or training on such objects helps.',
  suppressed: 'The network found it, but took it for a duplicate of an overlapping box with a higher score. A higher IoU threshold keeps both.',
  below_threshold: 'The network has a candidate here, but its score is too low. A lower score threshold shows it, with other uncertain boxes.',
  beyond_maximum: 'The network found it, but enough other boxes have higher scores. A higher maximum shows it.',
  too_small: 'It covers less than one cell of the network’s finest grid. A crop around it, a larger photo or a larger network input helps.',
  faded: 'The early stages of the network respond to it, but a later one treats it as background. Another model, or training on such objects, helps.',
  not_recognized: 'The network responds here, but to no class strongly enough. Another model, or training on such objects, helps.',
  not_seen: 'To the network, this place looks like its surroundings. If something is there, it may be too faint, too blurred or too unusual.'
}

/** The key of the candidate in a level's cell; undefined if its score is too low to be listed. */
export function keyOf (
  { cells, candidates }: Pick<ExplainReply, 'cells' | 'candidates'>, level: number, { column, row, class_id: classId }: BestCell
): string | undefined {
  const isListed = candidates.some(({ cell, class_id: id }) => {
    const { level: l, column: c, row: r } = cells[cell]!
    return id === classId && l === level && c === column && r === row
  })
  return isListed ? [level, column, row, classId].join('-') : undefined
}

/** The key of the candidate that a verdict is about. */
export function verdictKey (explanation: ExplainReply, { verdict: { candidate }, candidates }: JudgedRegion): string | undefined {
  return candidate === undefined ? undefined : candidateKey(explanation, candidates[candidate]!)
}

/** A layer's short name for people: `stage2` as stage 2, `p3` as level p3. */
export const layerTitle = (layer: string): string => layer.replace(/^stage(\d+)$/, 'stage $1').replace(/^p(\d+)$/, 'level p$1')

/** A rank in words; rounded down, so that 100 % means all. */
export const rankText = (rank: number): string => `stronger than ${Math.round(rank * 100)} % of the other cells`
