/** Candidates in words and numbers, for people. */
import type { ExplainedCandidate } from '../../../engine/explain/explanation.ts'
import { counted } from '../../../engine/numbers.ts'
import type { ExplainReply } from './server.ts'
import type { State } from './state.ts'

/** `stop sign 0.75` */
export const nameOf = ({ labels }: Pick<ExplainReply, 'labels'>, { class_id: classId, score }: ExplainedCandidate): string =>
  `${labels[classId]!} ${score.toFixed(2)}`

/** Whether the candidate is a detection, and why not. A suppressed one names the box that suppressed it elsewhere. */
export function stateText (candidate: ExplainedCandidate, { score, max }: Pick<State, 'score' | 'max'>): string {
  switch (candidate.state) {
    case 'kept': return 'Kept'
    case 'suppressed': return `Suppressed (IoU ${candidate.iou.toFixed(2)})`
    case 'below_threshold': return `Below the score threshold ${score}`
    case 'beyond_maximum': return `Left out: ${max} better boxes reach the maximum`
  }
}

/** How many candidates the sliders choose from. */
export function listText ({ candidates, complete_above: completeAbove }: Pick<ExplainReply, 'candidates' | 'complete_above'>, score: number): string {
  const count = candidates.length
  const least = Number(completeAbove.toPrecision(2))
  const text = `The sliders choose from the best ${count} candidate ${count === 1 ? 'box' : 'boxes'}, down to a score of ${least}.`
  return score < completeAbove ? `${text} Boxes with lower scores are missing.` : text
}

/** `3 objects: stop sign, bus` */
export function countText (labels: readonly string[], count: number): string {
  if (count === 0) return 'No objects above the score threshold'
  return `${counted(count, 'object')}: ${labels.join(', ')}`
}
