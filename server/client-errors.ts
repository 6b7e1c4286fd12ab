import type { FastifyBaseLogger, FastifyReply, FastifyRequest } from 'fastify'
import type { Socket } from 'node:net'
import { ApiError, type ErrorCode } from './errors.ts'
import { MAX_NAME } from './schemas.ts'

const KNOWN: Record<string, [code: ErrorCode, message: string]> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers or the URL are too long'],
  ERR_HTTP_REQUEST_TIMEOUT: ['RECEIVE_TIMEOUT', 'The request did not arrive in time']
}

/** Counts an error outside the hooks. */
export type CountFailure = (failure: ApiError) => void

/** Milliseconds for a client to read the refusal, and to send the rest of its request. */
export const LINGER = 3000

/** Connections whose request was answered before it had arrived completely; the rest is dropped. */
export const answeredEarly = new WeakSet<Socket>()

const broken = new WeakMap<Socket, ApiError>()

/** Why a connection was closed during a request. */
export const brokenOff = (socket: Socket): ApiError | undefined => broken.get(socket)

/**
 * Answers invalid HTTP in the shape of all errors, and closes the connection. During a request, the request's
 * hooks log and count it.
 */
export function onClientError (logger: FastifyBaseLogger, count: CountFailure) {
  return (error: Error & { code?: string }, socket: Socket & { _httpMessage?: { headersSent: boolean } }): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || socket._httpMessage?.headersSent || answeredEarly.has(socket)) {
      socket.destroy()
      return
    }
    const [code, message] = KNOWN[error.code ?? ''] ?? ['MALFORMED_REQUEST', 'The request is not valid HTTP']
    const failure = new ApiError(code, message)
    const body = JSON.stringify(failure)
    broken.set(socket, failure)
    if (!socket._httpMessage) {
      count(failure)
      logger.info({ code, reason: error.code, address: socket.remoteAddress }, 'connection refused')
    }
    const head = `HTTP/1.1 ${failure.statusCode} ${failure.toJSON().error}\r\nContent-Type: application/json; charset=utf-8\r\n`
    socket.end(`${head}Content-Length: ${Buffer.byteLength(body) + 1}\r\nConnection: close\r\n\r\n${body}\n`)
    const timer = setTimeout(() => socket.destroy(), LINGER)
    socket.once('close', () => clearTimeout(timer))
  }
}

/** The reply to an error, by the path of the request. */
export type AnswerAt = (path: string, failure: ApiError) => { readonly status: number, readonly body: unknown }

/** Answers a malformed URL, which the router rejects. No hook sees such a request, so it is logged here. */
export function onAddressError (count: CountFailure, answerAt: AnswerAt) {
  return (error: Error & { code?: string }, request: FastifyRequest, reply: FastifyReply): void => {
    const failure = error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? new ApiError('INVALID_PARAMETER', `The path has a name of more than ${MAX_NAME} characters`)
      : new ApiError('MALFORMED_REQUEST', 'The path contains an invalid % encoding')
    count(failure)
    const path = request.url.split('?')[0]!
    const { status, body } = answerAt(path, failure)
    request.log.info({ method: request.method, path, status, code: failure.code, reason: failure.message }, 'request')
    reply.code(status).header('x-request-id', request.id).type('application/json; charset=utf-8').send(`${JSON.stringify(body)}\n`)
  }
}
