import type { ApiErrorCode, ErrorReply } from './types.ts'

interface ApiErrorFields extends ErrorOptions {
  readonly statusCode: number
  readonly retryAfter?: number | undefined
  readonly requestId?: string | undefined
}

/** A request that failed. */
export class NanodetApiError extends Error {
  override readonly name = 'NanodetApiError'
  /** Stable; decide by this one. */
  readonly code: ApiErrorCode
  /** The HTTP status; 0 if no answer came. */
  readonly statusCode: number
  /** Seconds after which the server asks to retry. */
  readonly retryAfter: number | undefined
  /** The request's id in the server's log. */
  readonly requestId: string | undefined

  constructor (code: ApiErrorCode, message: string, { statusCode, retryAfter, requestId, ...options }: ApiErrorFields) {
    super(message, options)
    this.code = code
    this.statusCode = statusCode
    this.retryAfter = retryAfter
    this.requestId = requestId
  }
}

/** The error of an answer without success. */
export async function errorOf (response: Response): Promise<NanodetApiError> {
  const { status: statusCode, headers } = response
  const text = await response.text()
  const seconds = headers.get('retry-after')
  const fields = {
    statusCode,
    retryAfter: seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : undefined,
    requestId: headers.get('x-request-id') ?? undefined
  }
  const reply = parseReply(text)
  if (reply) return new NanodetApiError(reply.code as ApiErrorCode, reply.message, fields)
  return new NanodetApiError('HTTP_ERROR', `The server answered ${statusCode}: ${text.slice(0, 200) || 'nothing'}`, fields)
}

/** undefined if it is another server's answer, a proxy's for example. */
function parseReply (text: string): ErrorReply | undefined {
  try {
    const reply = JSON.parse(text)
    return typeof reply?.code === 'string' && typeof reply.message === 'string' ? reply : undefined
  } catch {
    return undefined
  }
}
