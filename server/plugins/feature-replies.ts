import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { OverloadError } from '../../engine/errors.ts'
import { onEnd } from './abort.ts'

/** Milliseconds after which a client that reads nothing is disconnected. */
const STALL_TIMEOUT = 30_000
/** Minimum average bytes per second that a client must read: a slower one would block others. */
const MIN_RATE = 100_000
const RETRY_AFTER = 2

/** Accounts for feature maps in transit, which slow clients keep in memory. */
export interface FeatureReplies {
  /** @throws OverloadError if the limit is reached */
  check (): void
  /** Counts a reply until it is sent or its client disconnects. @throws what `check` throws */
  count (request: FastifyRequest, reply: FastifyReply, bytes: number): void
}

export interface FeatureRepliesOptions {
  readonly maxBytes: number
  readonly stallTimeout?: number
  readonly minRate?: number
}

/** Bounds the memory of feature maps in transit: above `maxBytes`, new ones are refused. Also bounds the time, by their size. */
export const featureReplies = fp<FeatureRepliesOptions>(async (app, { maxBytes, stallTimeout = STALL_TIMEOUT, minRate = MIN_RATE }) => {
  const counted = new WeakMap<FastifyRequest, number>()
  let total = 0
  const check = (): void => { if (total >= maxBytes) throw new OverloadError('replies_in_flight', RETRY_AFTER) }
  app.decorate('featureReplies', {
    check,
    count (request, reply, bytes) {
      check()
      total += bytes
      counted.set(request, bytes)
      const end = () => reply.raw.destroy()
      reply.raw.setTimeout(stallTimeout, end)
      const timer = setTimeout(end, stallTimeout + bytes / minRate * 1000)
      reply.raw.once('close', () => clearTimeout(timer))
    }
  })
  onEnd(app, ({ request }) => { total -= counted.get(request) ?? 0 })
}, { name: 'feature-replies', fastify: '5.x', dependencies: ['abort'] })

declare module 'fastify' {
  interface FastifyInstance { featureReplies: FeatureReplies }
}
