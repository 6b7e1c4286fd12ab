import { ApiError } from '../../errors.ts'

/** Values in JSON: a network's input has about a million. */
const MAX_VALUES = 2 ** 21
const [COMMA, LIST, OBJECT] = [...',[{'].map(character => character.charCodeAt(0))

/**
 * Bounds how much there is to parse: brackets alone would hold up the event loop for a second. Base64 has none of these characters.
 * @throws ApiError BODY_TOO_LARGE
 */
export function checkStructure (json: Uint8Array): void {
  let count = 0
  for (const byte of json) if (byte === COMMA || byte === LIST || byte === OBJECT) count++
  if (count <= MAX_VALUES) return
  throw new ApiError('BODY_TOO_LARGE', `The JSON has more than ${MAX_VALUES} values: send tensors as bytes, after the JSON`)
}
