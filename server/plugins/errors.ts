import fp from 'fastify-plugin'
import { OverloadError } from '../../engine/errors.ts'
import { ApiError, toApiError } from '../errors.ts'
import type { RequestRecord } from '../record.ts'

/** Seconds, where nobody can tell better. */
const RETRY_AFTER = 1

/** Gives every request its record, answers every error in one shape, and keeps it in the record. */
export const errors = fp(async app => {
  app.decorateRequest('record', undefined as unknown as RequestRecord)
  app.addHook('onRequest', async request => { request.record = {} })
  app.setErrorHandler(async (error, request, reply) => {
    const failure = toApiError(error)
    request.record.failure = failure
    if (failure.statusCode === 503) reply.header('retry-after', failure.cause instanceof OverloadError ? failure.cause.retryAfter : RETRY_AFTER)
    return reply.code(failure.statusCode).send(failure.toJSON())
  })
  app.setNotFoundHandler(async request => {
    throw new ApiError('ROUTE_NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]}`)
  })
}, { name: 'errors', fastify: '5.x' })
