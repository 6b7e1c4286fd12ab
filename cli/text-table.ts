import Table from 'cli-table3'
import { printable } from '../engine/printable.ts'

/** A table for terminals. @param columns name and alignment of each column */
export function textTable (columns: Readonly<Record<string, 'left' | 'right'>>, rows: ReadonlyArray<readonly string[]>): string {
  const table = new Table({ head: Object.keys(columns), colAligns: Object.values(columns), style: { head: [], border: [] } })
  table.push(...rows.map(row => row.map(cell => printable(cell, '\n'))))
  return table.toString()
}
