import { setTimeout as sleep } from 'node:timers/promises'

export interface WebhookOptions {
  readonly tries?: number
  /** Milliseconds for one try. */
  readonly timeout?: number
  /** Milliseconds before the second try; each pause is twice the one before. */
  readonly pause?: number
}

/** Whether a server that replied so may reply otherwise later. */
const isPassing = (status: number): boolean => status >= 500 || status === 429 || status === 408

/**
 * Posts JSON to an address, and tries again if the server is away or busy.
 * @returns why it was not delivered, without the address, which may have a key; undefined if it was
 */
export async function postJson (url: string, body: unknown, options: WebhookOptions = {}): Promise<string | undefined> {
  const { tries = 5, timeout = 10_000, pause = 1000 } = options
  let problem: string | undefined
  for (let i = 0; i < tries; i++) {
    if (i > 0) await sleep(pause * 2 ** (i - 1))
    const reply = await send(url, JSON.stringify(body), timeout)
    if (reply === undefined) problem = 'no reply'
    else if (reply >= 200 && reply < 300) return undefined
    else problem = `status ${reply}`
    if (reply !== undefined && !isPassing(reply)) break
  }
  return problem
}

/** @returns the status; undefined without a reply */
async function send (url: string, body: string, timeout: number): Promise<number | undefined> {
  try {
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal: AbortSignal.timeout(timeout) })
    await reply.body?.cancel()
    return reply.status
  } catch {
    return undefined
  }
}
