import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { readGauge } from '../../cli/load/gauge.ts'
import { readTree } from '../../cli/load/process-tree.ts'
import type { ServerProcess } from '../../cli/load/server-process.ts'

/** A server at one moment. */
export interface Sample {
  /** Resident memory of all its processes; null except on Linux. */
  readonly rssMib: number | null
  /** 99th percentile of the event loop's delay since the previous sample. */
  readonly loopDelayMs: number
  readonly queueDepth: number
  readonly crashes: number
}

/** Samples between two laps. */
export interface Lap {
  /** Latencies of GET /health/live, in milliseconds. */
  readonly live: readonly number[]
  readonly samples: readonly Sample[]
}

type Watched = Pick<ServerProcess, 'base' | 'pid'>

const PROBE_INTERVAL = 25
const SAMPLE_INTERVAL = 1000
const PROBE_TIMEOUT = 5000

/** Watches a server: its health 40 times per second, its metrics once. */
export class Monitor {
  readonly #server: Watched
  readonly #timers: NodeJS.Timeout[]
  #live: number[] = []
  #samples: Sample[] = []

  constructor (server: Watched) {
    this.#server = server
    this.#timers = [setInterval(() => this.#probe(), PROBE_INTERVAL), setInterval(() => this.#record(), SAMPLE_INTERVAL)]
  }

  /** The samples since the last lap; at least one. */
  async lap (): Promise<Lap> {
    await this.#record()
    const lap = { live: this.#live, samples: this.#samples }
    this.#live = []
    this.#samples = []
    return lap
  }

  /** Waits until the server's queue is empty, for a few seconds at most. @returns the last sample */
  async settle (seconds = 5): Promise<Sample> {
    const end = performance.now() + seconds * 1000
    for (;;) {
      await sleep(SAMPLE_INTERVAL)
      const sample = await readSample(this.#server)
      if (sample.queueDepth === 0 || performance.now() > end) return sample
    }
  }

  stop (): void { for (const timer of this.#timers) clearInterval(timer) }

  async #probe (): Promise<void> {
    const start = performance.now()
    const live = this.#live
    const ok = await getText(`${this.#server.base}/health/live`).then(() => true, () => false)
    live.push(ok ? performance.now() - start : PROBE_TIMEOUT)
  }

  async #record (): Promise<void> {
    const samples = this.#samples
    await readSample(this.#server).then(sample => samples.push(sample), () => {}) // a busy moment; the next second brings another
  }
}

const agent = new Agent({ keepAlive: true })

/** Takes a third of fetch's processor time, which the server would not have. */
async function getText (url: string): Promise<string> {
  const [response] = await once(get(url, { agent, signal: AbortSignal.timeout(PROBE_TIMEOUT) }), 'response') as [IncomingMessage]
  const body = await text(response)
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`)
  return body
}

async function readSample ({ base, pid }: Watched): Promise<Sample> {
  const metrics = await getText(`${base}/metrics`)
  return {
    rssMib: (await readTree(pid))?.rssMib ?? null,
    loopDelayMs: readGauge(metrics, 'nodejs_eventloop_lag_p99_seconds') * 1000,
    queueDepth: readGauge(metrics, 'detect_queue_depth'),
    crashes: readGauge(metrics, 'detect_worker_crashes_total')
  }
}
