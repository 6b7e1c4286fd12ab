import { ApiError } from '../errors.ts'

/** Lists and objects in one another. */
const MAX_DEPTH = 64
const [COMMA, LIST, OBJECT, LIST_END, OBJECT_END] = [...',[{]}'].map(character => character.charCodeAt(0))

/**
 * Bounds how much there is to parse: brackets alone would hold up the event loop for a second. Those in texts count, too; base64 has none.
 * @throws ApiError BODY_TOO_LARGE where it has too many values, MALFORMED_REQUEST where it is too deep
 */
export function checkStructure (json: Uint8Array, maxValues: number): void {
  let [count, depth] = [0, 0]
  for (const byte of json) {
    if (byte === COMMA) count++
    else if (byte === LIST || byte === OBJECT) depth++
    else if (byte === LIST_END || byte === OBJECT_END) depth--
    if (depth > MAX_DEPTH) throw new ApiError('MALFORMED_REQUEST', `The JSON is nested more than ${MAX_DEPTH} deep`)
  }
  if (count > maxValues) throw new ApiError('BODY_TOO_LARGE', `The JSON has more than ${maxValues} values`)
}
