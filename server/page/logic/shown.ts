import { judge } from '../../../engine/explain/judge.ts'
import type { Cell, ExplainedCandidate } from '../../../engine/explain/explanation.ts'
import type { ExplainReply } from './server.ts'
import type { State } from './state.ts'

/** The candidates as the page's own thresholds judge them: no request is needed. */
export function judged (explanation: ExplainReply, { score, iou, max }: Pick<State, 'score' | 'iou' | 'max'>): ExplainedCandidate[] {
  return judge(explanation.candidates, explanation.cells, { scoreThreshold: score, iouThreshold: iou, maxDetections: max })
}

/** Names a candidate in the URL, independent of other candidates: level, column, row and class id. */
export function candidateKey ({ cells }: { readonly cells: readonly Cell[] }, { cell, class_id: classId }: ExplainedCandidate): string {
  const { level, column, row } = cells[cell]!
  return [level, column, row, classId].join('-')
}
