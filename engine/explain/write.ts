import type { Cell, Explanation } from './explanation.ts'

/** Bytes of an explanation. */
export const MAX_BYTES = 300_000
/** Kept for the members that the caller adds. */
const RESERVED = 16_000

/** An explanation as JSON. Only the cells with the best scores have their details if all would make it larger than MAX_BYTES. */
export function writeExplanation (explanation: Explanation): Buffer {
  const plain = { ...explanation, cells: explanation.cells.map(withoutDetails) }
  let left = MAX_BYTES - RESERVED - JSON.stringify(plain).length
  const cells = [...plain.cells]
  for (const index of new Set(explanation.candidates.map(({ cell }) => cell))) {
    const cell = explanation.cells[index]!
    left -= JSON.stringify(cell).length - JSON.stringify(plain.cells[index]).length
    if (left < 0) break
    cells[index] = cell
  }
  return Buffer.from(JSON.stringify({ ...plain, cells }))
}

function withoutDetails ({ class_scores: _scores, distributions: _distributions, ...cell }: Cell): Cell { return cell }
