import { judge } from '../../../engine/explain/judge.ts'
import type { Cell, Corners, ExplainedCandidate } from '../../../engine/explain/explanation.ts'
import type { ExplainReply } from './server.ts'
import type { State } from './state.ts'

type Limits = Pick<State, 'score' | 'iou' | 'max'>

/** The last answer for each explanation: several views ask after every change. */
const answers = new WeakMap<ExplainReply, { readonly limits: Limits, readonly candidates: ExplainedCandidate[] }>()

/** The candidates as the page's own thresholds judge them: no request is needed. */
export function judged (explanation: ExplainReply, { score, iou, max }: Limits): ExplainedCandidate[] {
  const last = answers.get(explanation)
  if (last && last.limits.score === score && last.limits.iou === iou && last.limits.max === max) return last.candidates
  const candidates = judge(explanation.candidates, explanation.cells, { scoreThreshold: score, iouThreshold: iou, maxDetections: max })
  answers.set(explanation, { limits: { score, iou, max }, candidates })
  return candidates
}

/** Names a candidate in the URL, independent of other candidates: level, column, row and class id. */
export function candidateKey ({ cells }: { readonly cells: readonly Cell[] }, { cell, class_id: classId }: ExplainedCandidate): string {
  const { level, column, row } = cells[cell]!
  return [level, column, row, classId].join('-')
}

/** Whether the class chips show a label: all do if none is chosen. */
export const isShown = (label: string, classes: readonly string[]): boolean => classes.length === 0 || classes.includes(label)

/** Number of kept candidates of each class, in the order of their best. */
export function countClasses (candidates: readonly ExplainedCandidate[], labels: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { class_id: classId, state } of candidates) {
    const label = labels[classId]!
    if (state === 'kept') counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return counts
}

/** The smallest of the boxes around a point; undefined if none is. */
export function smallestAt<B extends { readonly box: Corners }> (boxes: readonly B[], x: number, y: number): B | undefined {
  return boxes.filter(({ box: [x1, y1, x2, y2] }) => x >= x1 && x <= x2 && y >= y1 && y <= y2)
    .toSorted((a, b) => areaOf(a.box) - areaOf(b.box))[0]
}

const areaOf = ([x1, y1, x2, y2]: Corners): number => (x2 - x1) * (y2 - y1)
