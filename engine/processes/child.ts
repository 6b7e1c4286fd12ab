/** A child process's side of the protocol. */
import { toFailure } from '../errors.ts'
import type { Chunks } from '../results.ts'
import { hasBody, type Answer, type Calls, type FromChild, type ToChild } from './protocol.ts'

/** The parent decides when a child ends. Service managers and terminals send these to every process of a group. */
const IGNORED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Answers the parent's calls in order until the parent is gone.
 * @param isJoined whether a call with these arguments starts together with the call before it
 */
export function answerParent (calls: Calls, isJoined = (_args: unknown) => false): void {
  if (!process.connected) process.exit()
  process.on('disconnect', () => process.exit())
  for (const signal of IGNORED) process.on(signal, () => {})
  const bodies = new Map<number, Uint8Array[]>()
  let start: Promise<unknown> = Promise.resolve()
  let last: Promise<unknown> = start
  process.on('message', (message: ToChild) => {
    if ('chunk' in message) return collect(message)
    if (!isJoined(message.args)) start = last
    last = Promise.all([last, start.then(() => answer(message))])
  })
  send({ ready: true })

  function collect ({ id, chunk }: Extract<ToChild, { chunk: Uint8Array }>): void {
    const body = bodies.get(id) ?? []
    bodies.set(id, body)
    body.push(chunk)
  }

  async function answer ({ id, call, args }: Extract<ToChild, { call: string }>): Promise<void> {
    const body = bodies.get(id) ?? []
    bodies.delete(id)
    reply(id, await outcome(() => calls[call]!(args as never, body)))
  }
}

async function outcome (work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { result: await work() }
  } catch (error) {
    return { failure: toFailure(error) }
  }
}

function reply (id: number, answer: Answer): void {
  const rss = process.memoryUsage.rss()
  if (!('result' in answer) || !hasBody(answer.result)) return send({ id, rss, ...answer })
  const { body, ...result }: { body: Chunks } = answer.result
  for (const chunk of body) send({ id, chunk })
  send({ id, rss, result: { ...result, body: null } })
}

/** Sending to a parent that is gone fails; `disconnect` ends this process. */
function send (message: FromChild): void {
  process.send!(message, undefined, undefined, () => {})
}
