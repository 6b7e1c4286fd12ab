/** Lines of results.jsonl. */
import type { FailureCode } from '../../bulk/failure.ts'
import type { FailedLine, Line, ResultLine } from '../../bulk/line.ts'

export const resultLine = (file: string, stamp = '1'): ResultLine => ({
  file,
  stamp,
  sha256: `sha of ${file}`,
  model: 'small',
  image: { width: 8, height: 6 },
  detections: [],
  timing: { decode_ms: 1, preprocess_ms: 1, inference_ms: 1, postprocess_ms: 1, total_ms: 4 }
})

export const failedLine = (file: string, code: FailureCode = 'CORRUPT_IMAGE', stamp = '1'): FailedLine =>
  ({ file, stamp, sha256: '', error: { code, message: `${file} failed` } })

export const toText = (lines: readonly Line[]): string => lines.map(line => `${JSON.stringify(line)}\n`).join('')
