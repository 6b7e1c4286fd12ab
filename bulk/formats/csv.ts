import { hasFailed, type Line } from '../line.ts'
import type { Format } from './format.ts'

const PATH = 'results.csv'
const COLUMNS = ['file', 'label', 'class_id', 'score', 'x1', 'y1', 'x2', 'y2']
const SPECIAL = /[",\r\n]/
/** Spreadsheets take a text that starts so for a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/

/** A row per object, with the columns of POST /detect?format=csv after the file's. RFC 4180 */
export const csv: Format = {
  name: 'csv',
  path: PATH,
  files: [PATH],
  async write (lines, store) {
    await store.stream(PATH, rows(lines()))
    return []
  }
}

async function * rows (lines: AsyncIterable<Line>): AsyncGenerator<string> {
  yield row(COLUMNS)
  for await (const line of lines) yield toRows(line)
}

function toRows (line: Line): string {
  if (hasFailed(line)) return ''
  const file = harmless(line.file)
  return line.detections.map(({ label, class_id: classId, score, box: { x1, y1, x2, y2 } }) =>
    row([file, label, classId, score, x1, y1, x2, y2])).join('')
}

/** The same file under a name that is not a formula. */
const harmless = (file: string): string => FORMULA.test(file) ? `./${file}` : file

const row = (values: ReadonlyArray<string | number>): string => `${values.map(field).join()}\r\n`

function field (value: string | number): string {
  const text = String(value)
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
