import fp from 'fastify-plugin'

/** What a route adds to its request's log line. */
export type LogFields = Record<string, unknown>

/** One line a request: what was asked, how it ended, how long it took, and what the route adds. */
export const requestLog = fp(async app => {
  app.decorateRequest('logFields', undefined)
  app.addHook('onResponse', async (request, reply) => {
    const { failure, logFields } = request
    const line = {
      method: request.method,
      path: request.url.split('?')[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...logFields,
      ...(failure && { code: failure.code, err: failure.statusCode >= 500 ? failure.cause ?? failure : undefined, reason: failure.message })
    }
    request.log[reply.statusCode >= 500 ? 'error' : 'info'](line, 'request')
  })
}, { name: 'request-log', fastify: '5.x', dependencies: ['errors'] })

declare module 'fastify' {
  interface FastifyRequest { logFields: LogFields | undefined }
}
