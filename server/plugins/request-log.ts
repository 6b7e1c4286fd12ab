import fp from 'fastify-plugin'
import type { ApiError } from '../errors.ts'
import type { Run } from '../record.ts'
import { onEnd } from './abort.ts'

/** Failures of images that a line describes. */
const MAX_FAILURES = 3

/** One line a request: what was asked, how it ended, how long it took, and what was done. Its id goes back to the client, too. */
export const requestLog = fp(async app => {
  app.addHook('onRequest', async (request, reply) => { reply.header('x-request-id', request.id) })
  onEnd(app, ({ request, reply, status }) => {
    const { runs, failures, failure } = request.record
    const { dialect } = request.routeOptions.config
    const line = {
      method: request.method,
      path: request.url.split('?')[0],
      status,
      ms: rounded(reply.elapsedTime),
      ...(dialect && { dialect }),
      ...done(runs),
      ...(failures.length > 0 && { failed: failures.length, failures: failures.slice(0, MAX_FAILURES).map(explained) }),
      ...(failure && explained(failure))
    }
    request.log[levelOf(status)](line, 'request')
  })
}, { name: 'request-log', fastify: '5.x', dependencies: ['errors', 'abort'] })

/** Bugs of ours are errors; what we refuse for lack of time or room is a warning. */
function levelOf (status: number): 'info' | 'warn' | 'error' {
  if (status < 500) return 'info'
  return status === 500 ? 'error' : 'warn'
}

/** The path says what the task was. Of a batch: how many images were answered, the objects in all, and the time of each stage in all. */
function done (runs: readonly Run[]) {
  const [run, ...more] = runs
  if (!run) return {}
  if (more.length > 0) {
    return { model: run.model, images: runs.length, objects: runs.flatMap(({ objects = [] }) => objects).length, times: sumOf(runs) }
  }
  const { task: _task, objects, times: _times, ...rest } = run
  return { ...rest, objects: objects?.length, times: sumOf(runs) }
}

function sumOf (runs: readonly Run[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [stage, ms] of runs.flatMap(({ times }) => Object.entries(times))) sums[stage] = (sums[stage] ?? 0) + ms
  return Object.fromEntries(Object.entries(sums).map(([stage, ms]) => [stage, rounded(ms)]))
}

function explained (failure: ApiError) {
  const { code, statusCode, cause, message } = failure
  return { code, reason: message, ...(statusCode === 500 && { err: cause ?? failure }) }
}

/** Milliseconds with as many digits as a log needs. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10
