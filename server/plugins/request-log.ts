import fp from 'fastify-plugin'
import type { ApiError } from '../errors.ts'
import type { Run } from '../record.ts'
import { onEnd } from './abort.ts'

/** One line a request: what was asked, how it ended, how long it took, and what was done. Its id goes back to the client, too. */
export const requestLog = fp(async app => {
  app.addHook('onRequest', async (request, reply) => { reply.header('x-request-id', request.id) })
  onEnd(app, ({ request, reply, status }) => {
    const { run, failure } = request.record
    const line = {
      method: request.method,
      path: request.url.split('?')[0],
      status,
      ms: rounded(reply.elapsedTime),
      ...(run && done(run)),
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

/** The path says what the task was. */
function done ({ task: _task, objects, times, ...rest }: Run) {
  return { ...rest, objects: objects?.length, times: Object.fromEntries(Object.entries(times).map(([stage, ms]) => [stage, rounded(ms)])) }
}

function explained (failure: ApiError) {
  const { code, statusCode, cause, message } = failure
  return { code, reason: message, ...(statusCode === 500 && { err: cause ?? failure }) }
}

/** Milliseconds with as many digits as a log needs. */
const rounded = (ms: number): number => Math.round(ms * 10) / 10
