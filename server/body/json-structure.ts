import { ApiError } from '../errors.ts'

/** Quotes, two per name or string, which are slower to parse than numbers. */
const MAX_QUOTES = 2 ** 16
/** Nesting depth. */
const MAX_DEPTH = 64
const STRUCTURE = Buffer.from(',"[]{}')
const [COMMA, QUOTE, , LIST_END, , OBJECT_END] = STRUCTURE
const IS_STRUCTURE = Uint8Array.from({ length: 256 }, (_, byte) => Number(STRUCTURE.includes(byte)))

/**
 * Bounds the structure of JSON: millions of brackets would hold up the event loop for a second. Those in strings count,
 * too; base64 has none.
 * @throws ApiError BODY_TOO_LARGE if it has too many values, MALFORMED_REQUEST if it is too deep
 */
export function checkStructure (json: Uint8Array, maxValues: number): void {
  let [count, quotes, depth] = [0, 0, 0]
  for (let i = 0; i < json.length; i++) { // an iterator is ten times slower
    const byte = json[i]!
    if (IS_STRUCTURE[byte] === 0) continue
    if (byte === COMMA) count++
    else if (byte === QUOTE) quotes++
    else if (byte === LIST_END || byte === OBJECT_END) depth--
    else if (++depth > MAX_DEPTH) throw new ApiError('MALFORMED_REQUEST', `The JSON is nested more than ${MAX_DEPTH} deep`)
  }
  if (quotes > MAX_QUOTES) throw new ApiError('BODY_TOO_LARGE', `The JSON has more than ${MAX_QUOTES / 2} names and texts`)
  if (count > maxValues) throw new ApiError('BODY_TOO_LARGE', `The JSON has more than ${maxValues} values`)
}
