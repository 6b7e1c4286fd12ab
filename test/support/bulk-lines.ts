/** Lines of a run, as its conversions get them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import type { Format, FormatContext, Lines } from '../../bulk/formats/format.ts'
import type { FailedLine, Line, ResultLine } from '../../bulk/line.ts'
import { FolderStore } from '../../bulk/outputs/folder-store.ts'

type Found = ResultLine['detections'][number]

const TIMING = { decode_ms: 1, preprocess_ms: 1, inference_ms: 1, postprocess_ms: 1, total_ms: 4 }

export const PERSON: Found = { label: 'person', class_id: 0, score: 0.824235, box: { x1: 46.6957, y1: 64.9256, x2: 695.603, y2: 698.4755 } }
export const TIE: Found = { label: 'tie', class_id: 1, score: 0.711906, box: { x1: 258.0717, y1: 535.7818, x2: 358.8162, y2: 700 } }

export const resultLine = (file: string, ...detections: Found[]): ResultLine =>
  ({ file, stamp: '1', sha256: '00', model: 'm', image: { width: 700, height: 800 }, detections, timing: TIMING })

export const failedLine = (file: string): FailedLine =>
  ({ file, stamp: '1', sha256: '00', error: { code: 'CORRUPT_IMAGE', message: 'truncated' } })

export function linesOf (...lines: readonly Line[]): Lines {
  return async function * () { yield * lines }
}

export const LABELS = ['person', 'tie']

/** Two objects, none, a failure, one object. */
export const LINES = linesOf(
  resultLine('a/1.jpg', PERSON, TIE), resultLine('a/empty.jpg'), failedLine('a/broken.jpg'), resultLine('a.zip!/a/1.jpg', TIE)
)

/** Converts lines in a folder of the test. */
export async function convert (t: Test, format: Format, lines: Lines, context: Partial<FormatContext> = {}) {
  const store = new FolderStore(join(t.testdir(), 'out'))
  const notes = await format.write(lines, store, { labels: LABELS, ...context })
  const read = (path: string): string => readFileSync(join(store.name, path), 'utf8')
  return { store, notes, read }
}
