import { request, type Agent, type IncomingMessage } from 'node:http'
import type { Kind, Shot } from './mix.ts'

/** The outcome of a request. */
export interface Outcome {
  readonly kind: Kind
  /** `aborted`: by the client itself; `not_accepted`: the server never read it; `unanswered`: it did, but sent no answer. */
  readonly end: 'answered' | 'aborted' | 'unanswered' | 'not_accepted'
  /** From the first byte sent to the last byte received. */
  readonly ms: number
  readonly status?: number
  /** The error's code, unless it succeeded. */
  readonly code?: string
  readonly retryAfter?: boolean
}

export interface SendOptions {
  readonly base: string
  readonly agent: Agent
  /** Milliseconds after which a request counts as unanswered. */
  readonly timeout: number
  /** Send the body after 100 Continue: that separates requests that were never accepted from those that were dropped. */
  readonly acknowledged?: boolean
}

/** Posts an image to /detect. It never rejects. */
export function send ({ kind, body, abortAfter }: Shot, { base, agent, timeout, acknowledged = false }: SendOptions): Promise<Outcome> {
  const start = performance.now()
  const headers = { 'content-type': 'application/octet-stream', 'content-length': body.length, ...(acknowledged && { expect: '100-continue' }) }
  return new Promise(resolve => {
    let end: Outcome['end'] = acknowledged ? 'not_accepted' : 'unanswered'
    const finish = (answer?: Answer): void => resolve({ kind, end: answer ? 'answered' : end, ms: performance.now() - start, ...answer })
    const post = request(`${base}/detect`, { method: 'POST', agent, headers, signal: AbortSignal.timeout(timeout) })
    post.on('response', response => { readAnswer(response).then(finish, () => finish()) })
    post.on('error', () => finish())
    post.on('continue', () => { end = 'unanswered'; post.end(body) })
    if (acknowledged) post.flushHeaders()
    else post.end(body)
    if (abortAfter !== undefined) setTimeout(() => { end = 'aborted'; post.destroy() }, abortAfter)
  })
}

type Answer = Pick<Outcome, 'status' | 'code' | 'retryAfter'>

async function readAnswer (response: IncomingMessage): Promise<Answer> {
  const status = response.statusCode!
  const text = Buffer.concat(await response.toArray()).toString()
  const code: unknown = status >= 400 && JSON.parse(text).code
  return { status, retryAfter: 'retry-after' in response.headers, ...(status >= 400 && { code: String(code ?? `HTTP ${status}`) }) }
}
