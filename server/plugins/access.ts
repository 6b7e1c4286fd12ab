import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'
import { ApiError } from '../errors.ts'

/** Paths that probes ask for: they carry no key, and are not counted. */
const isProbe = ({ url }: FastifyRequest): boolean => url.startsWith('/health/')

/** Who may ask, how often, and from where: API keys, rate limits, CORS, security headers. */
export const access = fp<{ config: Config }>(async (app, { config }) => {
  await app.register(helmet, { contentSecurityPolicy: false, hsts: false }) // the only pages, /docs, need scripts; TLS is a proxy's
  if (config.CORS_ORIGIN.length > 0) await app.register(cors, { origin: config.CORS_ORIGIN.includes('*') ? '*' : config.CORS_ORIGIN })
  if (config.API_KEYS.length > 0) app.addHook('onRequest', requireKey([...config.API_KEYS, ...config.ADMIN_KEYS]))
  app.addHook('onRequest', requireAdmin(config.ADMIN_KEYS))
  if (config.RATE_LIMIT > 0) {
    await app.register(rateLimit, {
      max: config.RATE_LIMIT,
      timeWindow: '1 minute',
      allowList: request => isProbe(request) || request.url === '/metrics',
      keyGenerator: request => (config.API_KEYS.length > 0 && givenKey(request)) || request.ip, // only a key that was checked counts
      errorResponseBuilder: (_request, { after }) => new ApiError('RATE_LIMITED', `Too many requests: try again in ${after}`)
    })
  }
}, { name: 'access', fastify: '5.x', dependencies: ['errors'] })

function requireKey (keys: readonly string[]) {
  const known = keys.map(digest)
  return async (request: FastifyRequest): Promise<void> => {
    if (isProbe(request) || request.method === 'OPTIONS') return
    const given = digest(givenKey(request) ?? '')
    const matches = known.filter(key => timingSafeEqual(key, given)) // all are compared, so that time tells nothing
    if (matches.length === 0) throw new ApiError('UNAUTHORIZED', 'Send a key as "authorization: Bearer <key>" or "x-api-key: <key>"')
  }
}

/** Holds for routes that say `admin`. */
function requireAdmin (keys: readonly string[]) {
  const check = requireKey(keys)
  return async (request: FastifyRequest): Promise<void> => {
    if (!request.routeOptions.config.admin) return
    if (keys.length === 0) throw new ApiError('FORBIDDEN', 'Models are loaded and unloaded by those who hold an admin key: the server has none (ADMIN_KEYS)')
    await check(request)
  }
}

function givenKey ({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const key = headers['x-api-key']
  return bearer ?? (typeof key === 'string' ? key : undefined)
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest()

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Only for holders of an admin key. */
    admin?: boolean
  }
}
