import { createHash, timingSafeEqual } from 'node:crypto'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../config.ts'
import { ApiError } from '../errors.ts'
import { checkHost } from './host.ts'

/** Wrong keys a minute from one address, before it has to wait. */
const MAX_WRONG_KEYS = 30
const SEND_KEY = 'Send a key as "authorization: Bearer <key>" or "x-api-key: <key>"'
const EXPOSED_HEADERS = ['retry-after', 'x-request-id', 'x-nanodet-version', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']
/** The API sends data: nothing of it may run, or be framed. /docs has a policy of its own. */
const CONTENT_SECURITY_POLICY = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } }

/** Paths that probes ask for: they carry no key, and are not counted. */
const isProbe = ({ url }: FastifyRequest): boolean => url.startsWith('/health/')

/** Checks a key that a client has given, wherever it was. @throws ApiError UNAUTHORIZED, RATE_LIMITED after many wrong ones */
export type CheckKey = (request: FastifyRequest, key: string | undefined) => Promise<void>

/** Who may ask, how often, and from where: API keys, rate limits, hosts, CORS, security headers. */
export const access = fp<{ config: Config }>(async (app, { config }) => {
  await app.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY, hsts: false }) // TLS is a proxy's
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
    keyGenerator: request => keys.api.isKnown(givenKey(request)) ? givenKey(request)! : request.ip, // only a key that was checked counts
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

/** Keys that are compared in a time that tells nothing of them. */
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
    if (key === undefined) throw new ApiError('UNAUTHORIZED', SEND_KEY) // a client that has none guesses none
    const counted = await countWrong(request)
    if (!counted.isAllowed && counted.isExceeded) throw tooManyWrongKeys(counted.ttlInSeconds)
    throw new ApiError('UNAUTHORIZED', SEND_KEY)
  }
}

const tooManyWrongKeys = (seconds: number): ApiError =>
  new ApiError('RATE_LIMITED', `Too many wrong keys: try again in ${seconds} s`, { cause: { retryAfter: seconds } })

/** @throws ApiError FORBIDDEN, and what `check` does */
async function checkAdmin (request: FastifyRequest, check: CheckKey, { admin }: ReturnType<typeof keyChecks>): Promise<void> {
  const key = givenKey(request)
  if (admin.isKnown(key)) return
  if (admin.isEmpty) throw new ApiError('FORBIDDEN', 'Loading and unloading models needs an admin key, and the server has none: set ADMIN_KEYS')
  await check(request, key)
  throw new ApiError('FORBIDDEN', 'Loading and unloading models needs an admin key (ADMIN_KEYS), and this is another')
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
    /** Does nothing where the server has no keys. */
    checkKey: CheckKey
  }
  interface FastifyContextConfig {
    /** Only for holders of an admin key. */
    admin?: boolean
    /** `none`: open to those without a key. `own`: keys are not where they are elsewhere, and the scope of the route checks them. */
    keys?: 'none' | 'own'
  }
}
