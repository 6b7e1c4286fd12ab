import fp from 'fastify-plugin'
import { OverloadError } from '../../engine/errors.ts'
import type { ApiError } from '../errors.ts'
import type { Run } from '../record.ts'
import { VERSION } from '../version.ts'
import { onEnd } from './abort.ts'

/** Failed images that a line describes. */
const MAX_FAILURES = 3

/** One line per request: what was asked, by whom, the outcome and the times. Replies carry the request's id and the server's version. */
export const requestLog = fp(async app => {
  app.addHook('onRequest', async (request, reply) => { reply.headers({ 'x-request-id': request.id, 'x-nanodet-version': VERSION }) })
  onEnd(app, ({ request, reply, status }) => {
    const { runs, failures, feedback, failure } = request.record
    const { dialect } = request.routeOptions.config
    const line = {
      method: request.method,
      path: request.url.split('?')[0],
      address: request.ip,
      status,
      ms: rounded(reply.elapsedTime),
      ...(dialect && { dialect }),
      ...done(runs),
      ...(feedback && { feedback }),
      ...(failures.length > 0 && { failed: failures.length, failures: failures.slice(0, MAX_FAILURES).map(explained) }),
      ...(failure && explained(failure))
    }
    request.log[levelOf(status, failure)](line, 'request')
  })
}, { name: 'request-log', fastify: '5.x', dependencies: ['errors', 'abort'] })

/** Our bugs are errors; requests refused for lack of time or room are warnings. Before the server is ready, refusals are expected. */
function levelOf (status: number, failure: ApiError | undefined): 'info' | 'warn' | 'error' {
  if (status < 500 || failure?.code === 'NOT_READY') return 'info'
  return status === 500 ? 'error' : 'warn'
}

/** Image, objects and times; for a batch, the number of images and the sums. The path tells the task. */
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
  const refusal = cause instanceof OverloadError && { cause: cause.reason }
  return { code, reason: message, ...refusal, ...(statusCode === 500 && { err: cause ?? failure }) }
}

/** Milliseconds with one decimal. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10
