/** The connection to Redis or Valkey. With no server in reach, nothing here can run: .ci/checks/bulk-queue.js tests it. */
import type { Redis } from 'ioredis'
import { MissingPackageError } from '../errors.ts'
import { isRefusal, problemOf, RedisError, shownUrl } from './redis-url.ts'

export type { Redis }

export interface ConnectOptions {
  /** Wait for a server that is away, now and later. Otherwise that is an error. */
  readonly isPatient?: boolean
  /** Ends the wait: connections that are lost stay so, and their commands fail. */
  readonly signal?: AbortSignal
  /** Called once for each time that the server is away, and when it is back. */
  readonly onLost?: (problem: string) => void
  readonly onBack?: () => void
}

const MAX_PAUSE = 10_000

/** @throws RedisError if the server refuses this client or, unless `isPatient`, is away; MissingPackageError */
export async function connect (url: string, { isPatient = false, signal, onLost, onBack }: ConnectOptions = {}): Promise<Redis> {
  const { Redis } = await import('ioredis').catch(cause => { throw new MissingPackageError('ioredis', 'nanodet bulk', { cause }) })
  const retryStrategy = (times: number): number | null => isPatient && !signal?.aborted ? Math.min(250 * 2 ** times, MAX_PAUSE) : null
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy })
  watch(redis, onLost, onBack)
  await isReady(redis, url, isPatient)
  return redis
}

function watch (redis: Redis, onLost: ConnectOptions['onLost'], onBack: ConnectOptions['onBack']): void {
  let isLost = false
  let problem = 'connection closed'
  redis.on('error', error => { problem = problemOf(error) })
  redis.on('reconnecting', () => {
    if (!isLost) onLost?.(problem)
    isLost = true
  })
  redis.on('ready', () => {
    if (isLost) onBack?.()
    isLost = false
  })
}

async function isReady (redis: Redis, url: string, isPatient: boolean): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: unknown): void => {
      if (isPatient && !isRefusal(error)) return
      redis.disconnect()
      reject(new RedisError(`Redis at ${shownUrl(url)}: ${problemOf(error)}`))
    }
    redis.on('error', refuse)
    redis.once('end', () => reject(new RedisError(`Redis at ${shownUrl(url)}: no connection`)))
    redis.once('ready', () => {
      redis.off('error', refuse)
      resolve()
    })
    redis.connect().catch(refuse)
  })
}

/** A policy that may drop jobs, if Redis has one; undefined if it keeps all, or does not say. */
export async function droppingPolicy (redis: Redis): Promise<string | undefined> {
  const memory = await redis.info('memory').catch(() => '')
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1]
  return policy === 'noeviction' ? undefined : policy
}
