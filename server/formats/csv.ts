import { toDetections } from '../../engine/reply.ts'
import type { Recognized } from '../recognize.ts'

const COLUMNS = ['label', 'class_id', 'score', 'x1', 'y1', 'x2', 'y2']
const SPECIAL = /[",\r\n]/

/** A header, then a row per object, with the values of the server's JSON. RFC 4180 */
export function toCsv ({ output: { objects } }: Recognized): string {
  const rows = toDetections(objects).map(({ label, class_id: classId, score, box: { x1, y1, x2, y2 } }) =>
    [label, classId, score, x1, y1, x2, y2])
  return [COLUMNS, ...rows].map(row => `${row.map(field).join()}\r\n`).join('')
}

function field (value: string | number): string {
  const text = String(value)
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
