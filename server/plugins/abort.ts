import fp from 'fastify-plugin'

/** Gives every request a signal that is aborted when its client leaves before the answer. */
export const abort = fp(async app => {
  app.decorateRequest('aborted', undefined as unknown as AbortSignal)
  app.addHook('onRequest', async (request, reply) => {
    const controller = new AbortController()
    request.aborted = controller.signal
    reply.raw.once('close', () => { if (!reply.raw.writableFinished) controller.abort() })
  })
}, { name: 'abort', fastify: '5.x' })

declare module 'fastify' {
  interface FastifyRequest { aborted: AbortSignal }
}
