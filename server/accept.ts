import type { FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'

/** Maximum length of an Accept header: parsing takes quadratic time. */
const MAX_ACCEPT = 1024

/**
 * The media type that a client prefers; the first if it has no preference.
 * @throws ApiError NOT_ACCEPTABLE if its Accept header allows none of them, or is too long
 */
export function acceptedType<T extends string> (request: FastifyRequest, types: readonly T[]): T {
  const { accept = '*/*' } = request.headers
  if (accept === '*/*') return types[0]! // the common case, without parsing
  if (accept.length > MAX_ACCEPT) throw notAcceptable(`The Accept header is longer than ${MAX_ACCEPT} characters: set the parameter format instead`)
  const type = request.accepts().type([...types])
  if (typeof type !== 'string') throw notAcceptable(`The Accept header allows none of ${types.join(', ')}`)
  return type as T
}

const notAcceptable = (message: string): ApiError => new ApiError('NOT_ACCEPTABLE', message)
