import { createHash, timingSafeEqual } from 'node:crypto'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'
import { ApiError } from '../errors.ts'
import { checkHost } from './host.ts'

/** Wrong keys per minute and address before requests are limited. */
const MAX_WRONG_KEYS = 30
const SEND_KEY = 'Send a key as "authorization: Bearer <key>" or "x-api-key: <key>"'
const EXPOSED_HEADERS = ['retry-after', 'x-request-id', 'x-nanodet-version', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']
/** The API sends data, which must not run or be framed. /docs has its own policy. */
const CONTENT_SECURITY_POLICY = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }

/** Paths of probes, which need no key and have no rate limit. */
const isProbe = ({ url }: FastifyRequest): boolean => url.startsWith('/health/')

/** Checks a client's key. @throws ApiError UNAUTHORIZED, RATE_LIMITED after many wrong ones */
export type CheckKey = (request: FastifyRequest, key: string | undefined) => Promise<void>

/** Access control: API keys, rate limits, hosts, CORS, security headers. */
export const access = fp<{ config: Config }>(async (app, { config }) => {
  await app.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY, hsts: false }) // a proxy does TLS
  checkHost(app, config)
  if (config.CORS_ORIGIN.length > 0) {
    await app.register(cors, { origin: config.CORS_ORIGIN.includes('*') ? '*' : config.CORS_ORIGIN, exposedHeaders: EXPOSED_HEADERS })
  }
  const keys = keyChecks(config)
  await app.register(rateLimit, {
    global: config.RATE_LIMIT > 0,
    max: config.RATE_LIMIT,
    timeWindow: '1 minute',
    allowList: request => isProbe(request) || request.url === '/metrics',
    keyGenerator: request => keys.api.isKnown(givenKey(request)) ? givenKey(request)! : request.ip, // only valid keys have their own limit
    errorResponseBuilder: (_request, { after }) => new ApiError('RATE_LIMITED', `Too many requests: try again in ${after}`)
  })
  const check = checkWith(app, keys.api)
  app.decorate('checkKey', config.API_KEYS.length > 0 ? check : async () => {})
  app.addHook('onRequest', async request => {
    const isOpen = isProbe(request) || request.method === 'OPTIONS' || request.routeOptions.config.keys !== undefined
    if (!isOpen) await app.checkKey(request, givenKey(request))
  })
  app.addHook('onRequest', async request => {
    if (request.routeOptions.config.admin) await checkAdmin(request, check, keys)
  })
}, { name: 'access', fastify: '5.x', dependencies: ['errors'] })

const keyChecks = ({ API_KEYS, ADMIN_KEYS }: Config) => ({ api: new KeySet([...API_KEYS, ...ADMIN_KEYS]), admin: new KeySet(ADMIN_KEYS) })

/** Keys, compared in constant time. */
class KeySet {
  readonly #digests: readonly Buffer[]

  constructor (keys: readonly string[]) { this.#digests = keys.map(digest) }

  get isEmpty (): boolean { return this.#digests.length === 0 }

  isKnown (key: string | undefined): boolean {
    if (key === undefined) return false
    const given = digest(key)
    return this.#digests.filter(known => timingSafeEqual(known, given)).length > 0
  }
}

function checkWith (app: FastifyInstance, keys: KeySet): CheckKey {
  const countWrong = app.createRateLimit({ max: MAX_WRONG_KEYS, timeWindow: '1 minute', keyGenerator: ({ ip }: FastifyRequest) => `wrong key ${ip}`, allowList: [] })
  return async (request, key) => {
    if (keys.isKnown(key)) return
    if (key === undefined) throw new ApiError('UNAUTHORIZED', SEND_KEY) // a missing key is not a guess
    const counted = await countWrong(request)
    if (!counted.isAllowed && counted.isExceeded) throw tooManyWrongKeys(counted.ttlInSeconds)
    throw new ApiError('UNAUTHORIZED', SEND_KEY)
  }
}

const tooManyWrongKeys = (seconds: number): ApiError =>
  new ApiError('RATE_LIMITED', `Too many wrong keys: try again in ${seconds} s`, { cause: { retryAfter: seconds } })

/** @throws ApiError FORBIDDEN, and what `check` throws */
async function checkAdmin (request: FastifyRequest, check: CheckKey, { admin }: ReturnType<typeof keyChecks>): Promise<void> {
  const key = givenKey(request)
  if (admin.isKnown(key)) return
  if (admin.isEmpty) throw new ApiError('FORBIDDEN', 'Loading and unloading models needs an admin key, but the server has none: set ADMIN_KEYS')
  await check(request, key)
  throw new ApiError('FORBIDDEN', 'Loading and unloading models needs one of ADMIN_KEYS; this key is not one of them')
}

/** The key in a request's headers: a bearer token, or x-api-key. */
export function givenKey ({ headers }: FastifyRequest): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
  const key = headers['x-api-key']
  return bearer ?? (typeof key === 'string' ? key : undefined)
}

const digest = (key: string): Buffer => createHash('sha256').update(key).digest()

declare module 'fastify' {
  interface FastifyInstance {
    /** Does nothing if the server has no keys. */
    checkKey: CheckKey
  }
  interface FastifyContextConfig {
    /** Only for holders of an admin key. */
    admin?: boolean
    /** `none`: needs no key. `own`: the route's scope reads and checks the key. */
    keys?: 'none' | 'own'
  }
}
