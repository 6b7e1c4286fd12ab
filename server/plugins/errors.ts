import fp from 'fastify-plugin'
import { OverloadError } from '../../engine/errors.ts'
import { ApiError, toApiError } from '../errors.ts'

/** Seconds, where nobody can tell better. */
const RETRY_AFTER = 1

/** Answers every error in one shape, and keeps it for the request's log line. */
export const errors = fp(async app => {
  app.decorateRequest('failure', undefined)
  app.setErrorHandler(async (error, request, reply) => {
    const failure = toApiError(error)
    request.failure = failure
    if (failure.statusCode === 503) reply.header('retry-after', failure.cause instanceof OverloadError ? failure.cause.retryAfter : RETRY_AFTER)
    return reply.code(failure.statusCode).send(failure.toJSON())
  })
  app.setNotFoundHandler(async request => {
    throw new ApiError('ROUTE_NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]}`)
  })
}, { name: 'errors', fastify: '5.x' })

declare module 'fastify' {
  interface FastifyRequest { failure: ApiError | undefined }
}
