import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { performance } from 'node:perf_hooks'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { z } from 'zod'
import type { Engine } from '../../engine/engine.ts'
import { OverloadError } from '../../engine/errors.ts'
import { MODEL_STATES } from '../../engine/models/deployment.ts'
import { describeErrors } from '../error-replies.ts'
import type { ApiError } from '../errors.ts'
import { STAGES, type Run } from '../record.ts'
import { onEnd } from './abort.ts'

/** What the API of our own is called among dialects. */
const NATIVE = 'native'
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const schema = {
  tags: ['Operation'],
  operationId: 'getMetrics',
  summary: 'Metrics for Prometheus',
  response: {
    200: { description: 'In the text format of Prometheus', content: { 'text/plain': { schema: z.string() } } },
    ...describeErrors(['UNAUTHORIZED', 'HOST_NOT_ALLOWED'])
  }
}

/**
 * GET /metrics, in Prometheus' format: what came in, how it ended, how long each stage took, what waits, and the process.
 * Labels are names that the server knows, never what a client wrote: there are only so many series.
 */
export const metrics = fp<{ engine: Engine }>(async (app, { engine }) => {
  const register = new Registry()
  collectDefaultMetrics({ register })
  countRequests(app, register)
  showEngine(register, engine)
  showEventLoop(register)
  app.get('/metrics', { schema, logLevel: 'warn' }, async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()))
}, { name: 'metrics', fastify: '5.x', dependencies: ['errors', 'abort'] })

/** How requests end, from their records. */
function countRequests (app: FastifyInstance, register: Registry): void {
  const registers = [register]
  const inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Requests that are being answered', registers })
  const requests = new Histogram({
    name: 'http_request_duration_seconds', help: 'From the first byte to the last', labelNames: ['method', 'route', 'status', 'dialect'], buckets: SECONDS, registers
  })
  const failures = new Counter({ name: 'http_request_errors_total', help: 'Answers that are errors, by code', labelNames: ['code'], registers })
  const refused = new Counter({ name: 'detect_rejected_total', help: 'Images refused for lack of time or room', labelNames: ['reason'], registers })
  const observe = runObserver(register)
  app.addHook('onRequest', async () => { inFlight.inc() })
  app.decorate('countFailure', ({ code, statusCode: status }) => {
    requests.observe({ method: 'none', route: 'none', status, dialect: NATIVE }, 0)
    failures.inc({ code })
  })
  onEnd(app, ({ request, reply, status }) => {
    const { runs, failures: ofImages, failure } = request.record
    const { url: route = 'none', config: { dialect = NATIVE } } = request.routeOptions
    inFlight.dec()
    requests.observe({ method: request.method, route, status, dialect }, reply.elapsedTime / 1000)
    for (const run of runs) observe(run)
    for (const { code, cause } of failure ? [...ofImages, failure] : ofImages) {
      failures.inc({ code })
      if (cause instanceof OverloadError) refused.inc({ reason: cause.reason })
    }
  })
}

/** What becomes of images: the time of each stage, and what is found. */
function runObserver (register: Registry): (run: Run) => void {
  const registers = [register]
  const stages = new Histogram({
    name: 'detect_stage_duration_seconds', help: 'A stage of what is done with an image', labelNames: ['task', 'model', 'stage'], buckets: SECONDS, registers
  })
  const detections = new Counter({ name: 'detect_detections_total', help: 'Objects found', labelNames: ['model', 'label'], registers })
  return ({ task, model, times, objects = [] }) => {
    for (const stage of STAGES) {
      const ms = times[stage]
      if (ms !== undefined) stages.observe({ task, model, stage }, ms / 1000)
    }
    for (const label of objects) detections.inc({ model, label })
  }
}

/** What waits, what works, and the models. */
function showEngine (register: Registry, engine: Engine): void {
  showGauge(register, 'detect_queue_depth', 'Images that wait for a worker', () => engine.pools.main.queued)
  showGauge(register, 'detect_queue_bytes', 'Bytes of images that wait for a worker', () => engine.pools.main.queuedBytes)
  showGauge(register, 'detect_workers_busy', 'Workers that are processing an image or loading a model', () => engine.pools.main.busy)
  showGauge(register, 'detect_workers', 'Workers that can take jobs', () => engine.pools.main.workers.length)
  showGauge(register, 'detect_worker_memory_bytes', 'Resident memory of all workers, as of their latest answers', () => memoryOf(engine))
  register.registerMetric(new Counter({
    name: 'detect_worker_crashes_total', help: 'Workers that ended, hung or grew too large, and were replaced', registers: [], collect () { this.reset(); this.inc(engine.workerEnds) }
  }))
  showGauge(register, 'detect_model_problems', 'Models that could not be loaded when that was last tried', () =>
    engine.models.filter(({ problem }) => problem !== undefined).length)
  register.registerMetric(new Gauge({
    name: 'detect_models',
    help: 'Models, by what became of them',
    labelNames: ['state'],
    registers: [],
    collect () {
      for (const state of MODEL_STATES) this.set({ state }, engine.models.filter(model => model.state.name === state).length)
    }
  }))
  showGauge(register, 'detect_ready', '1 when all models are loaded', () => Number(engine.isReady))
}

const memoryOf = ({ pools: { main, inspection } }: Engine): number =>
  [...main.workers, ...inspection.workers].reduce((sum, { rss }) => sum + rss, 0)

function showEventLoop (register: Registry): void {
  let last = performance.eventLoopUtilization()
  showGauge(register, 'nodejs_eventloop_utilization', 'Share of the time since the last scrape that the main thread was at something', () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  })
}

/** A gauge that is read when it is scraped. */
function showGauge (register: Registry, name: string, help: string, read: () => number): void {
  register.registerMetric(new Gauge({ name, help, registers: [], collect () { this.set(read()) } }))
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts an answer that no hook sees. */
    countFailure: (failure: ApiError) => void
  }
}
