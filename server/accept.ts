import type { FastifyRequest } from 'fastify'
import { ApiError } from './errors.ts'

/** Characters of an Accept header that are read: how long that takes grows with their square. */
const MAX_ACCEPT = 1024

/**
 * Which of some media types a client prefers; the first where it has no preference.
 * @throws ApiError NOT_ACCEPTABLE where its Accept header allows none of them, or is too long
 */
export function acceptedType<T extends string> (request: FastifyRequest, types: readonly T[]): T {
  const { accept = '*/*' } = request.headers
  if (accept === '*/*') return types[0]! // most clients say so, and looking for more in it takes time
  if (accept.length > MAX_ACCEPT) throw notAcceptable(`The Accept header is longer than ${MAX_ACCEPT} characters: set the parameter format instead`)
  const type = request.accepts().type([...types])
  if (typeof type !== 'string') throw notAcceptable(`The Accept header allows none of ${types.join(', ')}`)
  return type as T
}

const notAcceptable = (message: string): ApiError => new ApiError('NOT_ACCEPTABLE', message)
