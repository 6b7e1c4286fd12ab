/**
 * File names as text. On Linux, a file name is bytes that need not be UTF-8. Each byte that is not becomes a lone surrogate, U+DC80 to
 * U+DCFF, as in Python's os.fsdecode: different names stay different, JSON keeps them (`"\udcff.jpg"`), and the bytes can be restored.
 */
import { isUtf8 } from 'node:buffer'

const ESCAPES = 0xdc00
const LONE_SURROGATE = /\p{Surrogate}/u

/** The name of bytes. */
export function decodeName (bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isUtf8(buffer)) return buffer.toString()
  let name = ''
  for (let at = 0; at < buffer.length;) {
    const character = buffer.subarray(at, at + lengthOf(buffer[at]!))
    const isValid = isUtf8(character)
    name += isValid ? character.toString() : String.fromCharCode(ESCAPES + buffer[at]!)
    at += isValid ? character.length : 1
  }
  return name
}

/** Bytes of the UTF-8 character that begins with a byte. */
const lengthOf = (first: number): number => first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4

/** The path that node:fs takes for a name. */
export function toPath (name: string): string | Buffer {
  if (!LONE_SURROGATE.test(name)) return name
  return Buffer.concat(Array.from(name, character => {
    const code = character.charCodeAt(0)
    return character.length === 1 && code >= ESCAPES + 0x80 && code <= ESCAPES + 0xff ? Buffer.of(code - ESCAPES) : Buffer.from(character)
  }))
}
