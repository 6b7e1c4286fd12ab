import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { joined } from '../../engine/chunks.ts'
import { OverloadError } from '../../engine/errors.ts'
import type { Chunks } from '../../engine/results.ts'
import type { TaskName } from '../../engine/tasks/catalog.ts'
import { checkLength, receiveBody } from '../body/receive.ts'
import { answerEarly } from '../body/answer-early.ts'
import { ApiError } from '../errors.ts'
import { onEnd } from './abort.ts'

const RETRY_AFTER = 1
/** A content type that Fastify accepts, for requests without a valid one. */
const NO_TYPE = 'no/type'
const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/

export interface BodiesOptions {
  /** Maximum size of one body. */
  readonly maxBytes: number
  /** Maximum size of all bodies, partial or complete, of unanswered requests. */
  readonly maxBytesInFlight: number
  /** Milliseconds within which a body must arrive; 0 disables the limit. */
  readonly timeout: number
  /** Called with an image's declared length before it is read. @throws OverloadError if it does not fit */
  readonly admit: (task: TaskName, bytes: number) => void
}

/** Bodies of requests. */
export interface Bodies {
  /** The request's body in pieces, none if it is empty; received once per request. @throws what receiveBody throws */
  receive (request: FastifyRequest): Promise<Chunks>
  /** The same in one piece. */
  read (request: FastifyRequest): Promise<Buffer>
}

/** Reads bodies on demand, and bounds them: the size of each and of all, and the time. */
export const bodies = fp<BodiesOptions>(async (app, options) => {
  const { maxBytes } = options
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const inFlight = countInFlight(app, options.maxBytesInFlight)
  const received = new WeakMap<FastifyRequest, Promise<Chunks>>()
  /** Requests with `Expect: 100-continue`. */
  const waiting = new WeakMap<IncomingMessage, ServerResponse>()
  app.decorate('bodies', {
    receive,
    async read (request) {
      const whole = joined(await receive(request)) as Buffer
      received.set(request, Promise.resolve([whole]))
      return whole
    }
  })
  app.server.on('checkContinue', (request, response) => { // `receive` sends 100 Continue
    waiting.set(request, response)
    app.server.emit('request', request, response)
  })
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response)) // Node's own reply has another shape
  app.addHook('onSend', async (request, reply) => {
    if (request.raw.complete === false && hasBody(request)) answerEarly(request, reply)
  })
  app.addHook('onRequest', async request => {
    if (!MEDIA_TYPE.test(request.headers['content-type'] ?? NO_TYPE)) replaceType(request)
    if (!hasBody(request)) return
    const length = Number(request.headers['content-length'] ?? 0)
    checkLength(length, maxBytes)
    inFlight.check(request, length)
    const { task } = request.routeOptions.config
    if (task !== undefined) options.admit(task, length)
  })

  async function receive (request: FastifyRequest): Promise<Chunks> {
    if (!hasBody(request)) return []
    const body = received.get(request) ?? receiveNow(request)
    received.set(request, body)
    return await body
  }

  async function receiveNow (request: FastifyRequest): Promise<Chunks> {
    waiting.get(request.raw)?.writeContinue()
    return await receiveBody(request.raw, { ...options, onBytes: count => inFlight.add(request, count) })
  }
}, { name: 'bodies', fastify: '5.x', dependencies: ['abort'] })

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Fastify refuses invalid types, but we decide by the first bytes. The original stays in `request.raw.headers`. */
function replaceType (request: FastifyRequest): void {
  request.headers = { 'content-type': 'application/octet-stream' }
}

/** Counts the bytes of bodies of unanswered requests. */
function countInFlight (app: FastifyInstance, max: number) {
  const bytesOf = new WeakMap<FastifyRequest, number>()
  const over = new WeakSet<FastifyRequest>()
  let total = 0
  onEnd(app, ({ request }) => {
    over.add(request)
    total -= bytesOf.get(request) ?? 0
  })
  return {
    /** A single body always fits. @throws OverloadError if the bytes exceed the limit */
    check (request: FastifyRequest, count: number): void {
      const ofOthers = total - (bytesOf.get(request) ?? 0)
      if (ofOthers > 0 && total + count > max) throw new OverloadError('bytes_in_flight', RETRY_AFTER)
    },
    /** @throws what `check` throws; ApiError CLIENT_CLOSED_REQUEST if the request is already over */
    add (request: FastifyRequest, count: number): void {
      if (over.has(request)) throw new ApiError('CLIENT_CLOSED_REQUEST', 'The client disconnected before its request was read')
      this.check(request, count)
      total += count
      bytesOf.set(request, (bytesOf.get(request) ?? 0) + count)
    }
  }
}

declare module 'fastify' {
  interface FastifyInstance { bodies: Bodies }
  interface FastifyContextConfig {
    /** The task that the route runs on its image, for admission. */
    task?: TaskName
  }
}
