import type { Cell, CellDetails, Explanation } from './explanation.ts'

/** Kept for the model's name, the photo's size and the times. */
const RESERVED = 1000

/** An explanation as JSON, with the details of the cells with the best scores, as many as fit into that many bytes. */
export function writeExplanation ({ cells, ...others }: Explanation, bytes: number, detailsOf: (cell: Cell) => CellDetails): Buffer {
  const written = cells.map(cell => JSON.stringify(cell))
  const start = JSON.stringify(others)
  let left = bytes - RESERVED - Buffer.byteLength(start) - written.reduce((sum, { length }) => sum + length + 1, 0)
  for (const index of new Set(others.candidates.map(({ cell }) => cell))) {
    const details = JSON.stringify(detailsOf(cells[index]!))
    left -= details.length
    if (left < 0) break
    written[index] = `${written[index]!.slice(0, -1)},${details.slice(1)}`
  }
  return Buffer.from(`${start.slice(0, -1)},"cells":[${written.join()}]}`)
}
