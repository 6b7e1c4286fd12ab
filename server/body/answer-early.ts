/** Replies that are sent before the request's body has arrived, so that clients can read them. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { answeredEarly, LINGER } from '../client-errors.ts'

/** The rest of a body up to this size is read and dropped at once: that costs less than another connection. */
const SMALL = 2 ** 20
/** Milliseconds for clients that read while they send to stop sending. */
const PAUSE = 100
/** Bytes of a body that are dropped at most. */
const MAX_DROPPED = 2 ** 25

/**
 * Prepares a reply to a client that is still sending. A small body is read and dropped, and the connection stays open. After a reply to a
 * larger one, one of unknown length, or one that waits for 100 Continue, the connection is closed: first, this side only, and nothing is
 * read for a moment, so that most clients stop sending. Then the rest is read and dropped, within limits: a client that reads nothing
 * before it has sent everything, or whose data arrives at a closed socket, would lose the reply.
 */
export function answerEarly ({ raw: request, headers }: FastifyRequest, { raw: response }: FastifyReply): void {
  if (response.shouldKeepAlive && headers.expect === undefined && Number(headers['content-length'] ?? Infinity) <= SMALL) {
    response.once('finish', () => { drop(request, () => {}) })
    return
  }
  const { socket } = request
  response.setHeader('connection', 'close')
  request.read() // otherwise Node reads the rest at once, unseen; read(0) does not help once a part has arrived
  socket.destroySoon = () => { socket.end() } // otherwise Node closes both directions
  response.once('finish', () => setTimeout(() => drop(request, () => socket.destroy()), PAUSE))
}

/** Reads and drops the rest of a body, within limits. @param onEnd called when it has arrived, or its client has left */
function drop (request: IncomingMessage, onEnd: () => void): void {
  const { socket } = request
  if (request.complete || socket.destroyed) return onEnd()
  answeredEarly.add(socket)
  const timer = setTimeout(() => socket.destroy(), LINGER)
  let bytes = 0
  request.on('data', chunk => {
    bytes += chunk.length
    if (bytes > MAX_DROPPED) socket.destroy()
  })
  const end = (): void => {
    clearTimeout(timer)
    socket.off('close', end)
    answeredEarly.delete(socket)
    onEnd()
  }
  request.once('close', end) // not where the connection closes after the reply
  socket.once('close', end)
}
