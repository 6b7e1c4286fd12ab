import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { OverloadError } from '../../engine/errors.ts'
import { onEnd } from './abort.ts'

/** Milliseconds after which a client that takes nothing of its reply loses its connection. */
const STALL_TIMEOUT = 30_000
/** Bytes a second that a client has to take on the whole: one that takes a byte now and then would keep others from theirs. */
const MIN_RATE = 100_000
const RETRY_AFTER = 2

/** Feature maps that are being sent, which slow clients hold in memory. */
export interface FeatureReplies {
  /** @throws OverloadError where as much is being sent as may be */
  check (): void
  /** Counts a reply until its client has it, or has left. @throws what `check` does */
  count (request: FastifyRequest, reply: FastifyReply, bytes: number): void
}

export interface FeatureRepliesOptions {
  readonly maxBytes: number
  readonly stallTimeout?: number
  readonly minRate?: number
}

/** Bounds the memory of feature maps that are being sent: above `maxBytes` no more begin. And the time, by their size. */
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
