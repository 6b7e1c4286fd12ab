import type { FastifyBaseLogger } from 'fastify'
import type { Socket } from 'node:net'
import { ApiError, type ErrorCode } from './errors.ts'

const KNOWN: Record<string, [code: ErrorCode, message: string]> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers or the address are too long'],
  ERR_HTTP_REQUEST_TIMEOUT: ['RECEIVE_TIMEOUT', 'The request did not arrive in time']
}

/** Answers what is not even a request, in the shape of all errors, and ends the connection. */
export function onClientError (logger: FastifyBaseLogger) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    const [code, message] = KNOWN[error.code ?? ''] ?? ['MALFORMED_REQUEST', 'This is not HTTP as it is written']
    const failure = new ApiError(code, message)
    const body = JSON.stringify(failure)
    logger.info({ code, reason: error.code, address: socket.remoteAddress }, 'connection refused')
    const head = `HTTP/1.1 ${failure.statusCode} ${failure.toJSON().error}\r\nContent-Type: application/json; charset=utf-8\r\n`
    socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`)
  }
}
