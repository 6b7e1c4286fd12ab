import type { ApiError, ErrorCode } from '../../errors.ts'
import type { ErrorReply } from '../../plugins/errors.ts'

/** DeepStack's words, where clients and their users know them. */
const KNOWN: Partial<Record<ErrorCode, string>> = {
  UNAUTHORIZED: 'Incorrect api key',
  EMPTY_BODY: 'No valid image file found'
}
/** DeepStack has one answer for both. */
const INVALID_IMAGE: readonly ErrorCode[] = ['UNSUPPORTED_IMAGE', 'CORRUPT_IMAGE']

/**
 * As DeepStack answers errors: without `predictions`. Clients that read these without looking have raised over the status before.
 * Frigate does not look at the status, and logs what went wrong only where they are missing.
 */
export function toError ({ code, statusCode, message }: ApiError): ErrorReply {
  if (INVALID_IMAGE.includes(code)) return reply(400, `invalid image file: ${message}`)
  return reply(statusCode, KNOWN[code] ?? message)
}

const reply = (status: number, error: string): ErrorReply => ({ status, body: { success: false, error, duration: 0 } })
