import type { Socket } from 'node:net'
import fp from 'fastify-plugin'

/**
 * Once the app is closing, every answer ends its connection: kept-alive ones would hold the process until they time out. So would
 * connections that never sent a request, which Node does not count as idle: they are closed at once.
 */
export const shutdown = fp(async app => {
  const silent = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  app.server.on('request', ({ socket }) => silent.delete(socket))
  app.decorate('closing', false)
  app.addHook('preClose', async () => {
    app.closing = true
    for (const socket of silent) socket.destroy()
  })
  app.addHook('onSend', async (_request, reply) => {
    if (app.closing) reply.header('connection', 'close')
  })
}, { name: 'shutdown', fastify: '5.x' })

declare module 'fastify' {
  interface FastifyInstance { closing: boolean }
}
