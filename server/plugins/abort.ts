import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { brokenOff } from '../client-errors.ts'
import { ApiError } from '../errors.ts'

/** Gives every request a signal that aborts if its client disconnects before the reply. */
export const abort = fp(async app => {
  app.decorateRequest('aborted', undefined as unknown as AbortSignal)
  app.addHook('onRequest', async (request, reply) => {
    const controller = new AbortController()
    request.aborted = controller.signal
    onLeave(request.raw.socket, reply.raw, () => {
      request.record.failure = brokenOff(request.raw.socket) ?? new ApiError('CLIENT_CLOSED_REQUEST', 'The client disconnected before the reply')
      controller.abort()
    })
  })
}, { name: 'abort', fastify: '5.x', dependencies: ['errors'] })

/**
 * Calls back if the connection closes before the response is sent. A response that waits for others on its connection (pipelining)
 * has no close event, so the socket's is used.
 */
function onLeave (socket: Socket, response: ServerResponse, callback: () => void): void {
  const leave = (): void => { finish(); callback() }
  const finish = (): void => { socket.off('close', leave); response.off('close', leave) }
  socket.setMaxListeners(0).once('close', leave)
  response.once('close', leave).once('finish', finish)
}

/** How a request ended. */
export interface Ended { readonly request: FastifyRequest, readonly reply: FastifyReply, readonly status: number }

/** Calls back once at the end of every request: answered, or abandoned by its client, which Fastify's onResponse does not report. */
export function onEnd (app: FastifyInstance, callback: (ended: Ended) => void): void {
  app.addHook('onRequest', async (request, reply) => {
    request.aborted.addEventListener('abort', () => callback({ request, reply, status: request.record.failure!.statusCode }))
  })
  app.addHook('onResponse', async (request, reply) => callback({ request, reply, status: reply.statusCode }))
}

declare module 'fastify' {
  interface FastifyRequest { aborted: AbortSignal }
}
