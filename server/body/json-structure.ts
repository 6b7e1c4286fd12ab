import { ApiError } from '../errors.ts'

/** Values in JSON: a network's input has about a million. */
const MAX_VALUES = 2 ** 21
/** Lists and objects in one another. */
const MAX_DEPTH = 64
const [COMMA, LIST, OBJECT, LIST_END, OBJECT_END] = [...',[{]}'].map(character => character.charCodeAt(0))

/**
 * Bounds how much there is to parse: brackets alone would hold up the event loop for a second. Those in texts count, too; base64 has none.
 * @throws ApiError BODY_TOO_LARGE, MALFORMED_REQUEST where it is too deep
 */
export function checkStructure (json: Uint8Array): void {
  let [count, depth] = [0, 0]
  for (const byte of json) {
    if (byte === COMMA) count++
    else if (byte === LIST || byte === OBJECT) depth++
    else if (byte === LIST_END || byte === OBJECT_END) depth--
    if (depth > MAX_DEPTH) throw new ApiError('MALFORMED_REQUEST', `The JSON is nested more than ${MAX_DEPTH} deep`)
  }
  if (count <= MAX_VALUES) return
  throw new ApiError('BODY_TOO_LARGE', `The JSON has more than ${MAX_VALUES} values: send tensors as bytes, after the JSON`)
}
