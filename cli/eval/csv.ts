import type { ConfusionMatrix } from './confusion.ts'

/** Rows under a header. Texts with commas, quotes or line breaks are quoted (RFC 4180). */
export function toCsv (header: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | number>>): string {
  return [header, ...rows].map(row => `${row.map(value => field(String(value))).join(',')}\n`).join('')
}

const field = (text: string): string => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** A confusion matrix: a row per true class, a column per predicted class. */
export const confusionCsv = ({ labels, counts }: ConfusionMatrix): string =>
  toCsv(['true \\ predicted', ...labels], labels.map((label, i) => [label, ...counts[i]!]))

/** The values of a line; quotes hold commas together. */
export function csvFields (line: string): string[] {
  const fields = `,${line}`.matchAll(/,\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))/g)
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!.trim())
}
