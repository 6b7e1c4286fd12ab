import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Engine } from '../../engine/engine.ts'
import { CATALOG, type TaskName } from '../../engine/tasks/catalog.ts'
import { describeErrors } from '../error-replies.ts'
import { VERSION } from '../version.ts'

/** A detection's time is that of the first of these that has run; explanations contain one. */
const MEASURED: readonly TaskName[] = ['detect', 'explain', 'classify']

const statusReply = z.object({
  version: z.string().describe('Version of the server'),
  ready: z.boolean().describe('Whether the models are loaded and a worker can take jobs'),
  uptime_s: z.int().describe('Seconds since the start'),
  model: z.string().describe('The default model'),
  workers: z.object({ running: z.int(), busy: z.int() }),
  queue: z.object({ depth: z.int(), bytes: z.int() }).describe('Images waiting for a worker, and their total size'),
  latency_ms: z.number().nullable()
    .describe('Mean time of a detection by the default model in a worker, without the time in the queue; null before the first')
}).meta({
  id: 'Status',
  examples: [{
    version: '0.6.0', ready: true, uptime_s: 86, model: 'nanodet-m-416', workers: { running: 2, busy: 1 }, queue: { depth: 3, bytes: 352_140 }, latency_ms: 24.6
  }]
})

const schema = {
  tags: ['Operation'],
  operationId: 'getStatus',
  summary: 'Version, queue, workers and latency',
  response: { 200: statusReply, ...describeErrors(['UNAUTHORIZED', 'HOST_NOT_ALLOWED', 'RATE_LIMITED', 'INTERNAL_ERROR']) }
}

/** GET /status: a few numbers for people, in memory already. Pages poll it: it has no rate limit, and is not logged. */
export const statusRoute: FastifyPluginAsyncZod<{ engine: Engine }> = async (app, { engine }) => {
  app.get('/status', { schema, logLevel: 'warn', config: { rateLimit: false } }, async () => ({
    version: VERSION,
    ready: engine.isReady && engine.canWork && !app.closing,
    uptime_s: Math.round(process.uptime()),
    model: engine.defaultName,
    ...work(engine),
    latency_ms: latency(engine)
  }))
}

/** Of both pools: explanations wait in one of their own. */
function work ({ pools }: Engine) {
  const both = Object.values(pools)
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  return {
    workers: { running: sum(both.map(({ workers }) => workers.length)), busy: sum(both.map(({ busy }) => busy)) },
    queue: { depth: sum(both.map(({ queued }) => queued)), bytes: sum(both.map(({ queuedBytes }) => queuedBytes)) }
  }
}

function latency ({ pools, defaultName }: Engine): number | null {
  const means = MEASURED.map(task => pools[CATALOG[task].pool].meanOf(task, defaultName))
  const ms = means.find(mean => mean !== undefined)
  return ms === undefined ? null : Math.round(ms * 10) / 10
}
