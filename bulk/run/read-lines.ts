import { createReadStream } from 'node:fs'
import { FAILURE_CODES } from '../failure.ts'
import type { Line } from '../line.ts'

const CHUNK_BYTES = 2 ** 20
const NEWLINE = 10

/** A line of a file: its bytes without the newline, and where it begins. */
export interface RawLine { readonly bytes: Buffer, readonly offset: number }

/**
 * The complete lines of a file; bytes after the last newline are left out.
 * @param range from `start` to before `end`: the whole file by default
 * @throws the file system's errors
 */
export async function * readLines (path: string, { start = 0, end = Infinity } = {}): AsyncGenerator<RawLine> {
  let [rest, offset]: [Buffer, number] = [Buffer.alloc(0), start]
  if (end === start) return
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, start, end: end - 1 })) {
    const bytes = rest.length === 0 ? chunk as Buffer : Buffer.concat([rest, chunk])
    let from = 0
    for (let to = bytes.indexOf(NEWLINE); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
      yield { bytes: bytes.subarray(from, to), offset: offset + from }
      from = to + 1
    }
    offset += from
    rest = bytes.subarray(from)
  }
}

/** A line of results.jsonl; undefined for one that a crash of the machine has damaged. */
export function parseLine (bytes: Buffer): Line | undefined {
  try {
    const line = JSON.parse(bytes.toString())
    return [line?.file, line?.stamp, line?.sha256].every(value => typeof value === 'string') && hasContents(line) ? line : undefined
  } catch {
    return undefined
  }
}

const hasContents = ({ error, image, detections }: Readonly<Record<string, any>>): boolean =>
  error === undefined ? image !== undefined && Array.isArray(detections) : Object.hasOwn(FAILURE_CODES, error?.code)
