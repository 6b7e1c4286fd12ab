/** Names that a file or standard input lists. */
import { isImage } from '../../engine/image/sniff.ts'
import { SourceError } from '../errors.ts'
import { decodeName } from './file-name.ts'

type Separator = '\n' | '\0'

const UTF_8_MARK = Buffer.of(0xef, 0xbb, 0xbf)
const UTF_16_MARK = /^(\xff\xfe|\xfe\xff)/
/** Bytes: more than any system accepts as a path, or S3 as a key. */
const MAX_NAME = 2 ** 16

/**
 * Names in a list, in groups as they arrive: one a line (LF or CRLF), or each with a NUL at its end, as `find -print0` writes them. The
 * first piece that has either shows which. Blank lines are skipped.
 * @param list its name, for messages
 * @throws SourceError if it is not such a list
 */
export async function * readNames (chunks: AsyncIterable<Uint8Array>, list: string): AsyncGenerator<string[]> {
  let rest: Uint8Array | undefined
  let separator: Separator | undefined
  for await (const chunk of chunks) {
    const bytes: Buffer = rest ? Buffer.concat([rest, chunk]) : withoutMark(chunk, list)
    separator ??= separatorIn(bytes)
    const end = separator === undefined ? 0 : bytes.lastIndexOf(separator) + 1
    rest = bytes.subarray(end)
    if (rest.length > MAX_NAME) throw new SourceError(`${list}: a line has more than ${MAX_NAME} bytes; expected one name a line`)
    const names = toNames(bytes.subarray(0, end), separator)
    if (names.length > 0) yield names
  }
  const last = toNames(rest ?? new Uint8Array(), separator)
  if (last.length > 0) yield last
}

/** The start of a list. @throws SourceError if it is an image, or UTF-16, which older versions of PowerShell write */
function withoutMark (chunk: Uint8Array, list: string): Buffer {
  const bytes = Buffer.from(chunk)
  if (isImage(bytes)) throw new SourceError(`${list}: is an image; expected names of images, one a line`)
  if (UTF_16_MARK.test(bytes.toString('latin1', 0, 2))) throw new SourceError(`${list}: is UTF-16; save it as UTF-8`)
  return bytes.subarray(bytes.subarray(0, 3).equals(UTF_8_MARK) ? 3 : 0)
}

function separatorIn (bytes: Uint8Array): Separator | undefined {
  return bytes.includes(0) ? '\0' : bytes.includes(0x0a) ? '\n' : undefined
}

function toNames (bytes: Uint8Array, separator: Separator = '\n'): string[] {
  const names = decodeName(bytes).split(separator)
  return (separator === '\n' ? names.map(name => name.replace(/\r$/, '')) : names).filter(name => name.trim() !== '')
}
