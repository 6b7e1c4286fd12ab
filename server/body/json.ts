import { ApiError } from '../errors.ts'
import { checkStructure } from './json-structure.ts'

/**
 * Maximum number of values in a body without tensors: Label Studio's tasks have the most. Millions would hold up the
 * event loop for a second.
 */
const MAX_VALUES = 2 ** 17
const decoder = new TextDecoder('utf-8', { fatal: true })

export type JsonObject = Readonly<Record<string, unknown>>

/** A body as text. @throws ApiError MALFORMED_REQUEST if it is not UTF-8 */
export function decodeText (body: Uint8Array): string {
  try {
    return decoder.decode(body)
  } catch (cause) {
    throw new ApiError('MALFORMED_REQUEST', 'The body is not UTF-8', { cause })
  }
}

/** Any JSON value. @throws ApiError MALFORMED_REQUEST; BODY_TOO_LARGE if it has too many values */
export function parseJson (body: Uint8Array, maxValues = MAX_VALUES): unknown {
  checkStructure(body, maxValues)
  const text = decodeText(body)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ApiError('MALFORMED_REQUEST', `The body is not JSON: ${(cause as Error).message.slice(0, 200)}`, { cause })
  }
}

/** A JSON object. @throws what parseJson throws; ApiError MALFORMED_REQUEST if it is not an object */
export function parseJsonObject (body: Uint8Array, maxValues = MAX_VALUES): JsonObject {
  const value = parseJson(body, maxValues)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new ApiError('MALFORMED_REQUEST', 'The body is JSON, but not an object')
}

const OPENING_BRACE = '{'.charCodeAt(0)
const WHITESPACE = [...' \t\r\n'].map(character => character.charCodeAt(0))

/** Whether a body looks like a JSON object, by its first character. */
export const looksLikeObject = (body: Uint8Array): boolean => body.find(byte => !WHITESPACE.includes(byte)) === OPENING_BRACE
