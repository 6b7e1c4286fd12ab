/** A Markdown table that is aligned as text. @param columns name and alignment of each column */
export function markdownTable (columns: Readonly<Record<string, 'left' | 'right'>>, rows: ReadonlyArray<readonly string[]>): string {
  const names = Object.keys(columns)
  const alignments = Object.values(columns)
  const widths = names.map((_, i) => Math.max(3, ...[names, ...rows].map(row => row[i]!.length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => alignments[i] === 'left' ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join(' | ')} |`
  const rule = alignments.map((alignment, i) => alignment === 'left' ? '-'.repeat(widths[i]!) : `${'-'.repeat(widths[i]! - 1)}:`)
  return [line(names), line(rule), ...rows.map(line)].join('\n')
}
