import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ApiError, toApiError } from '../errors.ts'
import type { RequestRecord } from '../record.ts'
import { routeTable } from './route-table.ts'

/** Default Retry-After, in seconds. */
const RETRY_AFTER = 1

/** The reply to an error. */
export interface ErrorReply { readonly status: number, readonly body: unknown }

/** Creates every request's record, and answers every error in one shape. */
export const errors = fp(async app => {
  await app.register(routeTable)
  app.decorateRequest('record', undefined as unknown as RequestRecord)
  app.addHook('onRequest', async request => { request.record = { runs: [], failures: [] } })
  answerErrors(app, failure => ({ status: failure.statusCode, body: failure.toJSON() }))
}, { name: 'errors', fastify: '5.x' })

/**
 * Answers the errors of a scope's routes in its own shape, and keeps each in the request's record.
 * @param options `unknownPaths`: also answers unknown paths in the scope, which must have a prefix
 */
export function answerErrors (scope: FastifyInstance, toReply: (failure: ApiError) => ErrorReply, { unknownPaths = true } = {}): void {
  scope.setErrorHandler(async (error, request, reply) => {
    const failure = toApiError(error)
    request.record.failure = failure
    addHeaders(failure, reply)
    const { status, body } = toReply(failure)
    return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body))
  })
  if (unknownPaths) scope.setNotFoundHandler(async (request, reply) => { throw notFound(request, reply) })
}

function addHeaders ({ statusCode, cause, code }: ApiError, reply: FastifyReply): void {
  const { retryAfter } = { ...cause as { retryAfter?: number } }
  if (statusCode === 503 || retryAfter !== undefined) reply.header('retry-after', retryAfter ?? RETRY_AFTER)
  if (code === 'UNAUTHORIZED') reply.header('www-authenticate', 'Bearer realm="nanodet-server"')
}

/** The error for an unknown path, or for a wrong method. */
function notFound (request: FastifyRequest, reply: FastifyReply): ApiError {
  const path = request.url.split('?')[0]!
  const methods = request.server.methodsOf(path)
  if (methods.length === 0) return new ApiError('ROUTE_NOT_FOUND', `Unknown path ${path.slice(0, 200)}; GET /docs lists all paths`)
  reply.header('allow', methods.join(', '))
  const example = methods.includes('PUT') ? `: curl --data-binary @photo.jpg http://${request.host}${path}` : ''
  return new ApiError('METHOD_NOT_ALLOWED', `${request.method} is not supported here; use ${methods.join(' or ')}${example}`)
}
