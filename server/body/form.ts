import { MaxPartsExceededError, MultipartParseError, parseMultipart, type MultipartPart } from '@remix-run/multipart-parser'
import { ApiError } from '../errors.ts'

/** Parts of a form. */
const MAX_PARTS = 128
const MAX_HEADER_BYTES = 8192
const BOUNDARY = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i

/** A part of a form. */
export interface Part {
  readonly name: string
  readonly fileName: string | undefined
  /** Its Content-Type in lower case, without parameters. */
  readonly type: string | undefined
  readonly bytes: Uint8Array
}

export const isForm = (contentType: string | undefined): boolean => /^multipart\/form-data\s*(;|$)/i.test(contentType ?? '')

/**
 * The parts of a multipart/form-data body, in their order, whatever their Content-Disposition says: a part without a name is named ''.
 * @throws ApiError MALFORMED_REQUEST, BODY_TOO_LARGE if there are more than 128
 */
export function parseForm (body: Uint8Array, contentType: string): Part[] {
  const boundary = BOUNDARY.exec(contentType)
  if (!boundary) throw new ApiError('MALFORMED_REQUEST', 'The Content-Type of the form does not name its boundary')
  try {
    return [...partsOf(body, boundary[1] ?? boundary[2]!)].map(toPart)
  } catch (error) {
    throw formError(error)
  }
}

/** The preamble before the first boundary is not part of the form. */
function partsOf (body: Uint8Array, boundary: string): Iterable<MultipartPart> {
  const start = Buffer.from(body.buffer, body.byteOffset, body.byteLength).indexOf(`--${boundary}`, 0, 'latin1')
  if (start < 0) throw new ApiError('MALFORMED_REQUEST', 'The form has no parts: the body does not contain its boundary')
  const limits = { maxHeaderSize: MAX_HEADER_BYTES, maxFileSize: body.length, maxParts: MAX_PARTS, maxTotalSize: body.length }
  return parseMultipart(body.subarray(start), { boundary, ...limits })
}

function toPart (part: MultipartPart): Part {
  const [bytes = new Uint8Array(), ...more] = part.content
  return {
    name: part.name ?? '',
    fileName: part.filename,
    type: part.mediaType?.toLowerCase(),
    bytes: more.length > 0 ? part.bytes : bytes
  }
}

function formError (error: unknown): unknown {
  if (error instanceof MaxPartsExceededError) return new ApiError('BODY_TOO_LARGE', `The form has more than ${MAX_PARTS} parts`)
  if (error instanceof ApiError) return error
  if (error instanceof MultipartParseError) return new ApiError('MALFORMED_REQUEST', `The form cannot be read: ${error.message}`, { cause: error })
  return new ApiError('MALFORMED_REQUEST', 'The form has a part whose headers cannot be read', { cause: error })
}
