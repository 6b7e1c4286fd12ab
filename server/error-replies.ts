import { ERRORS, type ErrorCode } from './errors.ts'
import { errorReply } from './schemas.ts'

/** Errors of all routes except probes. */
const ALL = ['UNAUTHORIZED', 'HOST_NOT_ALLOWED', 'RATE_LIMITED', 'INTERNAL_ERROR'] as const
/** Errors of routes that name a model. */
const MODEL = ['MODEL_NOT_FOUND', 'MODEL_UNAVAILABLE', 'NOT_READY'] as const
/** Errors of routes that accept images. */
const IMAGE = [
  ...MODEL, 'EMPTY_BODY', 'INVALID_PARAMETER', 'WRONG_TASK', 'MALFORMED_REQUEST', 'RECEIVE_TIMEOUT', 'BODY_TOO_LARGE', 'IMAGE_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE', 'UNSUPPORTED_IMAGE', 'CORRUPT_IMAGE', 'INFERENCE_FAILED', 'OVERLOADED'
] as const

const KINDS = { all: [], model: MODEL, image: IMAGE } as const

/** Describes a route's errors: the codes of each status. @param more codes besides those of its kind */
export function errorReplies (kind: keyof typeof KINDS, more: readonly ErrorCode[] = []): Record<string, object> {
  return describeErrors([...ALL, ...KINDS[kind], ...more])
}

/** The same for a route with only these errors. */
export function describeErrors (codes: readonly ErrorCode[]): Record<string, object> {
  const statuses = [...new Set(codes.map(code => ERRORS[code]))].sort((a, b) => a - b)
  return Object.fromEntries(statuses.map(status => {
    const ofStatus = codes.filter(code => ERRORS[code] === status)
    return [status, { description: ofStatus.join(', '), content: { 'application/json': { schema: errorReply } } }]
  }))
}
