import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const SAFE = /^[\w.:-]{1,128}$/
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/

/** A request's id in the log: the caller's (`x-request-id`, or the trace id of `traceparent`), otherwise a new one. */
export function requestId ({ headers }: { headers: IncomingHttpHeaders }): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && SAFE.test(given)) return given
  const trace = TRACEPARENT.exec(String(headers['traceparent'] ?? ''))
  return trace ? trace[1]! : randomUUID()
}
