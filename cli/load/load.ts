import { once } from 'node:events'
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { shot, type Images, type Mix } from './mix.ts'
import { send, type Outcome } from './request.ts'

export interface Load {
  readonly base: string
  readonly images: Images
  readonly mix: Mix
  /** Closed: a number of clients, each of which waits for its answer. Open: a number of requests per second, whatever the answers. */
  readonly pace: { readonly clients: number } | { readonly perSecond: number }
  readonly seconds: number
  /** Maximum number of requests, in addition to the time. */
  readonly requests?: number
  readonly acknowledged?: boolean
}

export interface LoadResult {
  readonly outcomes: Outcome[]
  /** From the first request to the last answer. */
  readonly seconds: number
  /** Processor time of this process in that time. */
  readonly cpuSeconds: number
}

const ANSWER_TIMEOUT = 60_000
const MAX_SOCKETS = 400
const TICK = 5

/** Puts load on a server. */
export async function runLoad ({ base, images, mix, pace, seconds, requests = Infinity, acknowledged = false }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS })
  const start = performance.now()
  const cpuBefore = process.cpuUsage()
  const outcomes: Outcome[] = []
  let sent = 0
  const elapsed = (): number => (performance.now() - start) / 1000
  const goesOn = (): boolean => sent < requests && elapsed() < seconds
  const next = async (): Promise<void> => {
    outcomes.push(await send(shot(mix, sent++, images), { base, agent, timeout: ANSWER_TIMEOUT, acknowledged }))
  }
  const client = async (): Promise<void> => { while (goesOn()) await next() }
  const clock = async (perSecond: number): Promise<void> => {
    const open: Promise<void>[] = []
    while (goesOn()) {
      while (sent < Math.min(elapsed() * perSecond, requests)) open.push(next())
      await sleep(TICK)
    }
    await Promise.all(open)
  }
  await ('clients' in pace ? Promise.all(Array.from({ length: pace.clients }, client)) : clock(pace.perSecond))
  agent.destroy()
  const { user, system } = process.cpuUsage(cpuBefore)
  return { outcomes, seconds: elapsed(), cpuSeconds: (user + system) / 1e6 }
}

/** Like `runLoad`, in a separate thread, so that it does not delay other measurements. */
export async function runLoadInThread (load: Load): Promise<LoadResult> {
  const thread = new Worker(new URL('./load-thread.js', import.meta.url), { workerData: load })
  const [result] = await once(thread, 'message') as [LoadResult]
  return result
}
