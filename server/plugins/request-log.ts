import fp from 'fastify-plugin'
import type { ApiError } from '../errors.ts'
import { onEnd } from './abort.ts'

/** What a route adds to its request's log line. */
export type LogFields = Record<string, unknown>

/** Milliseconds with as many digits as a log needs. */
export const rounded = (times: object): Record<string, number> =>
  Object.fromEntries(Object.entries(times).map(([step, ms]) => [step, Math.round(Number(ms) * 10) / 10]))

/** One line a request: what was asked, how it ended, how long it took, and what the route adds. Its id goes back to the client, too. */
export const requestLog = fp(async app => {
  app.decorateRequest('logFields', undefined)
  app.addHook('onRequest', async (request, reply) => { reply.header('x-request-id', request.id) })
  onEnd(app, ({ request, reply, status }) => {
    const line = {
      method: request.method,
      path: request.url.split('?')[0],
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...request.logFields,
      ...(request.failure && explained(request.failure))
    }
    request.log[levelOf(status)](line, 'request')
  })
}, { name: 'request-log', fastify: '5.x', dependencies: ['errors', 'abort'] })

/** Bugs of ours are errors; what we refuse for lack of time or room is a warning. */
function levelOf (status: number): 'info' | 'warn' | 'error' {
  if (status < 500) return 'info'
  return status === 500 ? 'error' : 'warn'
}

function explained (failure: ApiError): LogFields {
  const { code, statusCode, cause, message } = failure
  return { code, reason: message, ...(statusCode === 500 && { err: cause ?? failure }) }
}

declare module 'fastify' {
  interface FastifyRequest { logFields: LogFields | undefined }
}
