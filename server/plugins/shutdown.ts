import fp from 'fastify-plugin'

/** Once the app is closing, every answer ends its connection: kept-alive ones would hold the process until they time out. */
export const shutdown = fp(async app => {
  app.decorate('closing', false)
  app.addHook('preClose', async () => { app.closing = true })
  app.addHook('onSend', async (_request, reply) => {
    if (app.closing) reply.header('connection', 'close')
  })
}, { name: 'shutdown', fastify: '5.x' })

declare module 'fastify' {
  interface FastifyInstance { closing: boolean }
}
