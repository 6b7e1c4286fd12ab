import type { Socket } from 'node:net'
import fp from 'fastify-plugin'

/**
 * While the app is closing, every reply closes its connection: idle ones would hold the process until they time out. So would
 * connections that have sent nothing, or incomplete headers, which Node does not count as idle: they are closed immediately.
 */
export const shutdown = fp(async app => {
  /** Number of unanswered requests by connection. */
  const requests = new Map<Socket, number>()
  const add = (socket: Socket, count: number): void => { if (requests.has(socket)) requests.set(socket, requests.get(socket)! + count) }
  app.server.on('connection', (socket: Socket) => {
    requests.set(socket, 0)
    socket.once('close', () => requests.delete(socket))
  })
  app.server.on('request', ({ socket }, response) => {
    add(socket, 1)
    response.once('close', () => add(socket, -1))
  })
  app.decorate('closing', false)
  app.addHook('preClose', async () => {
    app.closing = true
    for (const [socket, count] of requests) if (count === 0) socket.destroy()
  })
  app.addHook('onSend', async (_request, reply) => {
    if (app.closing) reply.header('connection', 'close')
  })
}, { name: 'shutdown', fastify: '5.x' })

declare module 'fastify' {
  interface FastifyInstance { closing: boolean }
}
