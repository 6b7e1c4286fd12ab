import { STATUS_CODES } from 'node:http'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import {
  AbortedError, ClosedError, ExpectedError, FeaturesError, ImageError, ModelLoadError, NoGradientsError, NotDetectedError, OverloadError,
  TensorError, UnknownModelError, WorkerError, WrongTaskError
} from '../engine/errors.ts'
import { UnknownLayerError } from '../models/choose-layers.ts'
import { LabelError } from '../models/labels.ts'

/** All error codes and their statuses. docs/errors.md explains each. */
export const ERRORS = {
  EMPTY_BODY: 400,
  INVALID_PARAMETER: 400,
  UNKNOWN_LAYER: 400,
  WRONG_TASK: 400,
  MALFORMED_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  HOST_NOT_ALLOWED: 403,
  FEEDBACK_OFF: 404,
  MODEL_NOT_FOUND: 404,
  PHOTO_NOT_FOUND: 404,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  RECEIVE_TIMEOUT: 408,
  BODY_TOO_LARGE: 413,
  IMAGE_TOO_LARGE: 413,
  REPLY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNSUPPORTED_IMAGE: 415,
  CORRUPT_IMAGE: 422,
  INVALID_MODEL: 422,
  NOT_DETECTED: 422,
  NO_GRADIENTS: 422,
  RATE_LIMITED: 429,
  HEADERS_TOO_LARGE: 431,
  CLIENT_CLOSED_REQUEST: 499,
  INTERNAL_ERROR: 500,
  INFERENCE_FAILED: 500,
  MODEL_UNAVAILABLE: 503,
  NOT_READY: 503,
  OVERLOADED: 503,
  FEEDBACK_FULL: 507
} as const satisfies Record<string, number>

export type ErrorCode = keyof typeof ERRORS

/** An error reply: a stable code, its status and a sentence. */
export class ApiError extends ExpectedError {
  override name = 'ApiError'
  readonly code: ErrorCode
  readonly statusCode: number

  constructor (code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.statusCode = ERRORS[code]
  }

  toJSON () {
    return { statusCode: this.statusCode, code: this.code, error: STATUS_CODES[this.statusCode] ?? 'Client Closed Request', message: this.message }
  }
}

/** Converts any error to an error reply. Details of unexpected ones go only to the log, as `cause`. */
export function toApiError (error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof ImageError) return fromImageError(error)
  if (error instanceof LabelError) return new ApiError('INVALID_PARAMETER', `classes: ${error.message}`)
  if (error instanceof FeaturesError) return new ApiError('INVALID_PARAMETER', error.message)
  if (error instanceof NotDetectedError) return new ApiError('NOT_DETECTED', error.message)
  if (error instanceof NoGradientsError) return new ApiError('NO_GRADIENTS', error.message)
  if (error instanceof TensorError) return new ApiError('INVALID_PARAMETER', error.message)
  if (error instanceof UnknownLayerError) return new ApiError('UNKNOWN_LAYER', `layers: ${error.message}`)
  if (error instanceof UnknownModelError) return new ApiError('MODEL_NOT_FOUND', error.message)
  if (error instanceof WrongTaskError) return new ApiError('WRONG_TASK', error.message)
  if (error instanceof ModelLoadError) return new ApiError('MODEL_UNAVAILABLE', error.message)
  if (error instanceof OverloadError) return new ApiError('OVERLOADED', error.message, { cause: error })
  if (error instanceof ClosedError) return new ApiError('NOT_READY', error.message)
  if (error instanceof AbortedError) return new ApiError('CLIENT_CLOSED_REQUEST', error.message)
  if (error instanceof WorkerError) return new ApiError('INFERENCE_FAILED', 'The network could not be run on this image', { cause: error })
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(({ instancePath, message }) => `${instancePath.replace(/^\//, '') || 'query'}: ${message}`)
    return new ApiError('INVALID_PARAMETER', problems.join('; '))
  }
  return fromFastify(error as { code?: string, statusCode?: number, message?: string })
}

function fromImageError (error: ImageError): ApiError {
  return new ApiError(error.code === 'EMPTY_IMAGE' ? 'EMPTY_BODY' : error.code, error.message, { cause: error.cause })
}

function fromFastify (error: { code?: string, statusCode?: number, message?: string }): ApiError {
  const isClients = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
  return isClients
    ? new ApiError('MALFORMED_REQUEST', error.message ?? 'The request cannot be read', { cause: error })
    : new ApiError('INTERNAL_ERROR', 'Internal error', { cause: error })
}
