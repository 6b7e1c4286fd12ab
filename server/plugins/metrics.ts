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
import type { FeedbackStore } from '../feedback/store.ts'
import { STAGES, type Run } from '../record.ts'
import { onnxruntimeVersion, VERSION } from '../version.ts'
import { onEnd } from './abort.ts'

/** The name of the server's own API among dialects. */
const NATIVE = 'native'
/** Fine where networks and requests usually are: 10 to 100 ms. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64]
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const OTHER = 'other'
/** Labels of one model that have series of their own; more are counted as `other`. */
const MAX_LABELS = 500

const schema = {
  tags: ['Operation'],
  operationId: 'getMetrics',
  summary: 'Metrics for Prometheus',
  response: {
    200: { description: 'Metrics in the Prometheus text format', content: { 'text/plain': { schema: z.string() } } },
    ...describeErrors(['UNAUTHORIZED', 'HOST_NOT_ALLOWED'])
  }
}

export interface MetricsOptions {
  readonly engine: Engine
  readonly feedback?: Pick<FeedbackStore, 'photos' | 'bytes'> | undefined
}

/**
 * GET /metrics, in the Prometheus text format: requests, their outcomes, the time of each stage, the queue, models and the process.
 * Label values are names that the server knows, never what a client sent, so the number of series is bounded.
 */
export const metrics = fp<MetricsOptions>(async (app, { engine, feedback }) => {
  const register = new Registry()
  collectDefaultMetrics({ register })
  showBuild(register)
  countRequests(app, register)
  showEngine(register, engine)
  showGauge(register, 'nanodet_feedback_photos', 'Photos in the folder for feedback', () => feedback?.photos ?? 0)
  showGauge(register, 'nanodet_feedback_bytes', 'Size of the folder for feedback', () => feedback?.bytes ?? 0)
  showEventLoop(register)
  app.get('/metrics', { schema, logLevel: 'warn' }, async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()))
}, { name: 'metrics', fastify: '5.x', dependencies: ['errors', 'abort'] })

/** Outcomes of requests, from their records. */
function countRequests (app: FastifyInstance, register: Registry): void {
  const registers = [register]
  const inFlight = new Gauge({ name: 'nanodet_http_requests_in_flight', help: 'Requests in flight', registers })
  const requests = new Histogram({
    name: 'nanodet_http_request_duration_seconds', help: 'Duration of requests, from first byte to last', labelNames: ['method', 'route', 'status', 'dialect'], buckets: SECONDS, registers
  })
  const failures = new Counter({ name: 'nanodet_http_request_errors_total', help: 'Error replies, by code', labelNames: ['code'], registers })
  const refused = new Counter({ name: 'nanodet_rejected_total', help: 'Images refused for lack of time or room, by reason', labelNames: ['reason'], registers })
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
    const method = METHODS.includes(request.method) ? request.method : OTHER
    requests.observe({ method, route, status, dialect }, reply.elapsedTime / 1000)
    for (const run of runs) observe(run)
    for (const { code, cause } of failure ? [...ofImages, failure] : ofImages) {
      failures.inc({ code })
      if (cause instanceof OverloadError) refused.inc({ reason: cause.reason })
    }
  })
}

/** The time of each stage of images, and the objects found. */
function runObserver (register: Registry): (run: Run) => void {
  const registers = [register]
  const stages = new Histogram({
    name: 'nanodet_stage_duration_seconds', help: 'Duration of a stage of processing an image', labelNames: ['task', 'model', 'stage'], buckets: SECONDS, registers
  })
  const detections = new Counter({ name: 'nanodet_detections_total', help: 'Objects found', labelNames: ['model', 'label'], registers })
  const batches = new Histogram({
    name: 'nanodet_batch_size', help: 'Images in the run of the network that an image was part of, for each image', labelNames: ['task', 'model'], buckets: BATCH_SIZES, registers
  })
  const bounded = boundedLabels()
  return ({ task, model, times, objects = [], batch = 1 }) => {
    batches.observe({ task, model }, batch)
    for (const stage of STAGES) {
      const ms = times[stage]
      if (ms !== undefined) stages.observe({ task, model, stage }, ms / 1000)
    }
    for (const label of objects) detections.inc({ model, label: bounded(model, label) })
  }
}

/** The first labels of each model; others are counted together. */
function boundedLabels (): (model: string, label: string) => string {
  const seen = new Map<string, Set<string>>()
  return (model, label) => {
    const labels = seen.get(model) ?? new Set()
    seen.set(model, labels)
    if (labels.size < MAX_LABELS) labels.add(label)
    return labels.has(label) ? label : OTHER
  }
}

/** The queue, the workers and the models. */
function showEngine (register: Registry, engine: Engine): void {
  showGauge(register, 'nanodet_queue_depth', 'Images waiting for a worker', () => engine.pools.main.queued)
  showGauge(register, 'nanodet_queue_bytes', 'Total size of the images waiting for a worker', () => engine.pools.main.queuedBytes)
  showGauge(register, 'nanodet_workers_busy', 'Workers processing an image or loading a model', () => engine.pools.main.busy)
  showGauge(register, 'nanodet_workers', 'Workers that can take jobs', () => engine.pools.main.workers.length)
  showGauge(register, 'nanodet_worker_memory_bytes', 'Resident memory of all workers, as of their latest replies', () => memoryOf(engine))
  register.registerMetric(new Counter({
    name: 'nanodet_worker_crashes_total', help: 'Workers that ended, hung or grew too large, and were replaced', registers: [], collect () { this.reset(); this.inc(engine.workerEnds) }
  }))
  showGauge(register, 'nanodet_model_problems', 'Models whose latest load failed', () =>
    engine.models.filter(({ problem }) => problem !== undefined).length)
  register.registerMetric(new Gauge({
    name: 'nanodet_models',
    help: 'Models, by state',
    labelNames: ['state'],
    registers: [],
    collect () {
      for (const state of MODEL_STATES) this.set({ state }, engine.models.filter(model => model.state.name === state).length)
    }
  }))
  register.registerMetric(new Gauge({
    name: 'nanodet_model_info',
    help: 'How each loaded model runs: execution provider and precision; the value is always 1',
    labelNames: ['model', 'provider', 'precision'],
    registers: [],
    collect () {
      this.reset()
      for (const { name, running } of engine.models) {
        if (running) this.set({ model: name, provider: running.provider, precision: running.precision }, 1)
      }
    }
  }))
  showGauge(register, 'nanodet_ready', '1 if the models are loaded and a worker can take jobs', () => Number(engine.isReady && engine.canWork))
}

const memoryOf = ({ pools: { main, inspection } }: Engine): number =>
  [...main.workers, ...inspection.workers].reduce((sum, { rss }) => sum + rss, 0)

/** Versions, as labels of a constant. */
function showBuild (register: Registry): void {
  const build = new Gauge({ name: 'nanodet_build_info', help: 'Versions; the value is always 1', labelNames: ['version', 'node', 'onnxruntime'], registers: [register] })
  build.set({ version: VERSION, node: process.versions.node, onnxruntime: onnxruntimeVersion() }, 1)
}

function showEventLoop (register: Registry): void {
  let last = performance.eventLoopUtilization()
  showGauge(register, 'nanodet_eventloop_utilization', 'Share of the time since the last scrape in which the main thread was busy', () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return utilization
  })
}

/** A gauge that is read when scraped. */
function showGauge (register: Registry, name: string, help: string, read: () => number): void {
  register.registerMetric(new Gauge({ name, help, registers: [], collect () { this.set(read()) } }))
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts a reply that no hook sees. */
    countFailure: (failure: ApiError) => void
  }
}
