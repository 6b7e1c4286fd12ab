import { ApiError } from '../errors.ts'

const DATA_URL = /^data:[^,]{0,200};base64,/i
const NOT_BASE64 = /[^A-Za-z0-9+/_=\s-]/

/**
 * Decodes an image in JSON: base64 (standard or URL-safe) or a base64 data URL.
 * @param name the name of the value in the error
 * @throws ApiError INVALID_PARAMETER
 */
export function decodeBase64 (text: unknown, name: string): Uint8Array {
  if (typeof text !== 'string') throw new ApiError('INVALID_PARAMETER', `${name}: expected base64 or a data URL`)
  if (/^https?:\/\//i.test(text)) throw new ApiError('INVALID_PARAMETER', `${name}: URLs are not fetched; send the image itself as base64`)
  const encoded = text.slice(DATA_URL.exec(text)?.[0].length ?? 0)
  if (NOT_BASE64.test(encoded)) throw new ApiError('INVALID_PARAMETER', `${name}: expected base64 or a data URL, found other characters`)
  return Buffer.from(encoded, 'base64')
}
