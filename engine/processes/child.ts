/** A child process's side of the protocol. */
import { toFailure } from '../errors.ts'
import type { Chunks } from '../results.ts'
import { channelToParent } from './channel.ts'
import { hasBody, type Answer, type Calls, type FromChild, type ToChild } from './protocol.ts'

/** The parent decides when a child ends. Service managers and terminals send these to every process of a group. */
const IGNORED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Answers the parent's calls in order until the parent is gone.
 * @param isJoined whether a call with these arguments starts together with the call before it
 */
export function answerParent (calls: Calls, isJoined = (_args: unknown) => false): void {
  let start: Promise<unknown> = Promise.resolve()
  let last: Promise<unknown> = start
  const channel = channelToParent((message, body) => {
    const call = message as ToChild
    if (!isJoined(call.args)) start = last
    last = Promise.all([last, start.then(() => answer(call, body))]).then(() => {}) // the array would hold all earlier ones
  })
  if (!channel) process.exit()
  channel.socket.on('close', () => process.exit())
  for (const signal of IGNORED) process.on(signal, () => {})
  send({ ready: true })

  async function answer ({ id, call, args }: ToChild, body: Chunks): Promise<void> {
    const answer = await outcome(() => calls[call]!(args as never, body))
    const rss = process.memoryUsage.rss()
    if (!('result' in answer) || !hasBody(answer.result)) return send({ id, rss, ...answer })
    const { body: bytes, ...result }: { body: Chunks } = answer.result
    send({ id, rss, result: { ...result, body: null } }, bytes)
  }

  function send (message: FromChild, body?: Chunks): void { channel!.send(message, body) }
}

async function outcome (work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { result: await work() }
  } catch (error) {
    return { failure: toFailure(error) }
  }
}
