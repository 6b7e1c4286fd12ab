import type { Explanation } from './explanation.ts'

/** Bytes of a reply. */
export const MAX_BYTES = 300_000
/** Kept for the region, the model's name, the photo's size and the times. */
const RESERVED = 16_000
/** Labels may fill this share of the rest. */
const LABELS_SHARE = 0.25
/** Candidates left after each attempt to fit. */
const STEP = 0.9

/** The number of bytes as JSON. */
export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** Leaves out labels of classes without candidates, and the lowest candidates, until the rest fits into the bytes. */
export function fit (explanation: Explanation, bytes: number): Explanation {
  const room = bytes - RESERVED
  let fitting = { ...explanation, labels: shortLabels(explanation, room * LABELS_SHARE) }
  while (fitting.candidates.length > 0 && bytesOf(fitting) > room) {
    const best = withBest(explanation, Math.floor(fitting.candidates.length * STEP))
    fitting = { ...best, labels: shortLabels(best, room * LABELS_SHARE) }
  }
  return fitting
}

function shortLabels ({ labels, candidates }: Explanation, bytes: number): readonly string[] {
  if (bytesOf(labels) <= bytes) return labels
  const used = new Set(candidates.map(({ class_id: classId }) => classId))
  return labels.map((label, classId) => used.has(classId) ? label : '')
}

/** Only the best candidates, and their cells. */
function withBest (explanation: Explanation, count: number): Explanation {
  const best = explanation.candidates.slice(0, count)
  const used = [...new Set(best.map(({ cell }) => cell))].sort((a, b) => a - b)
  const indexOf = new Map(used.map((cell, i) => [cell, i]))
  return {
    ...explanation,
    complete_above: explanation.candidates[count]!.score,
    cells: used.map(cell => explanation.cells[cell]!),
    candidates: best.map(candidate => ({ ...candidate, cell: indexOf.get(candidate.cell)! }))
  }
}
