import { isUtf8 } from 'node:buffer'
import { ModelFileError } from '../errors.ts'
import { GIT_LFS_PROBLEM, isGitLfsPointer } from '../git-lfs.ts'

const LINE_FEED = 0x0a
/** Byte order marks. */
const MARKS: ReadonlyArray<readonly [mark: Buffer, encoding: string]> = [
  [Buffer.of(0xff, 0xfe, 0, 0), 'UTF-32'],
  [Buffer.of(0, 0, 0xfe, 0xff), 'UTF-32'],
  [Buffer.of(0xff, 0xfe), 'UTF-16'],
  [Buffer.of(0xfe, 0xff), 'UTF-16']
]

/**
 * Decodes a config file, with or without a byte order mark.
 * @throws ModelFileError if it is not UTF-8 or a Git LFS pointer
 */
export function decodeText (bytes: Buffer, model: string): string {
  if (isGitLfsPointer(bytes)) throw new ModelFileError(model, GIT_LFS_PROBLEM)
  const encoding = encodingOf(bytes)
  if (encoding !== undefined) throw new ModelFileError(model, `the file is in ${encoding}: save it as UTF-8`)
  return new TextDecoder().decode(bytes)
}

/** The encoding of a file that is not UTF-8. */
function encodingOf (bytes: Buffer): string | undefined {
  const marked = MARKS.find(([mark]) => mark.equals(bytes.subarray(0, mark.length)))
  if (marked) return marked[1]
  if (bytes.includes(0)) return 'UTF-16, or not text'
  return isUtf8(bytes) ? undefined : `another encoding than UTF-8 (perhaps Latin-1; see line ${wrongLine(bytes)})`
}

function wrongLine (bytes: Buffer): number {
  for (let line = 1, start = 0; ; line++) {
    const end = bytes.indexOf(LINE_FEED, start)
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
  }
}
