import { ClosedError, ModelLoadError, OverloadError, UnknownModelError, WorkerError } from '../engine/errors.ts'
import type { ErrorCode } from '../server/errors.ts'

/** Any failure of an engine. Codes and statuses are those of the HTTP API: docs/errors.md lists them. */
export class NanodetError extends Error {
  override readonly name = 'NanodetError'
  /** Stable; decide by this one. */
  readonly code: ErrorCode
  /** The HTTP status that the server would answer with. */
  readonly statusCode: number
  /** Seconds after which a retry makes sense; only with code OVERLOADED. */
  readonly retryAfter: number | undefined

  constructor (code: ErrorCode, statusCode: number, message: string, options: ErrorOptions & { retryAfter?: number } = {}) {
    super(message, options)
    this.code = code
    this.statusCode = statusCode
    this.retryAfter = options.retryAfter
  }
}

/** An option or argument that can't be used. */
export const invalid = (message: string): NanodetError => new NanodetError('INVALID_PARAMETER', 400, message)

/**
 * Any error of the engine as its users get it.
 * @param models names of the available models
 */
export async function toNanodetError (cause: unknown, models: readonly string[]): Promise<NanodetError> {
  if (cause instanceof NanodetError) return cause
  if (cause instanceof ClosedError) return new NanodetError('NOT_READY', 503, 'The engine is closed', { cause })
  if (cause instanceof UnknownModelError) return unknownModel(cause, models)
  if (isFilesFault(cause)) return new NanodetError('INVALID_MODEL', 422, cause.message, { cause })
  const { toApiError } = await import('../server/errors.ts') // takes 60 ms: only errors need it
  const { code, statusCode, message } = toApiError(cause)
  return new NanodetError(code, statusCode, message, { cause, ...(cause instanceof OverloadError && { retryAfter: cause.retryAfter }) })
}

/** The engine's own message points to an address of the HTTP API. */
function unknownModel (cause: UnknownModelError, models: readonly string[]): NanodetError {
  const [problem] = cause.message.split(';')
  return new NanodetError('MODEL_NOT_FOUND', 404, `${problem}; available: ${models.join(', ') || 'none'}`, { cause })
}

/** Loading the same files again would fail again. */
const isFilesFault = (error: unknown): error is ModelLoadError =>
  error instanceof ModelLoadError && !(error.cause instanceof WorkerError && error.cause.ended)
