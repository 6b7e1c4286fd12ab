import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Config } from '../config.ts'
import { ApiError } from '../errors.ts'
import { isLoopback } from '../loopback.ts'

const HOST_NAME = /^(\[[^\]]*\]|[^:]*)/

/** Checks the Host header as RFC 9112, section 3.2 requires; Node's own reply has another shape. @throws ApiError MALFORMED_REQUEST */
function checkHostHeader ({ httpVersion, rawHeaders }: IncomingMessage): void {
  const count = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host').length
  if (count > 1) throw new ApiError('MALFORMED_REQUEST', 'The request has several Host headers')
  if (count === 0 && httpVersion === '1.1') throw new ApiError('MALFORMED_REQUEST', 'The request has no Host header')
}

/**
 * Refuses requests without an unambiguous Host. On a loopback server without keys, also refuses what a browser
 * sends for a foreign page: a foreign host name (DNS rebinding) or origin. ALLOWED_HOSTS lists more hosts;
 * * allows all.
 */
export function checkHost (app: FastifyInstance, { HOST, API_KEYS, ALLOWED_HOSTS, CORS_ORIGIN }: Config): void {
  app.addHook('onRequest', async ({ raw }) => checkHostHeader(raw))
  if (!isLoopback(HOST) || API_KEYS.length > 0 || ALLOWED_HOSTS.includes('*')) return
  const allowed = ALLOWED_HOSTS.map(host => host.toLowerCase())
  const isAllowed = (host: string): boolean => isLoopback(host) || allowed.includes(host.toLowerCase())
  app.addHook('onRequest', async ({ headers: { host = '', origin } }) => {
    const name = HOST_NAME.exec(host)![0]
    if (name !== '' && !isAllowed(name)) {
      throw new ApiError('HOST_NOT_ALLOWED', `The host name ${name.slice(0, 100)} is not allowed: use localhost, or add the name to ALLOWED_HOSTS`)
    }
    if (origin === undefined || CORS_ORIGIN.includes('*') || CORS_ORIGIN.includes(origin) || isAllowed(hostOf(origin))) return
    throw new ApiError('HOST_NOT_ALLOWED', `Pages from ${origin.slice(0, 100)} may not use this server: add the origin to CORS_ORIGIN`)
  })
}

const hostOf = (origin: string): string => URL.canParse(origin) ? new URL(origin).hostname : origin
