import { runLoadInThread, type LoadResult } from '../soak/load.ts'
import type { ServerProcess } from '../soak/server-process.ts'
import { percentile, type Percentiles } from '../soak/summary.ts'
import { readUsage, type ServerUsage } from './server-usage.ts'

/** How the server did with so many clients at a time. Its names are those of the JSON report. */
export interface Level {
  readonly concurrency: number
  readonly requests: number
  /** Not answered with 200. */
  readonly failed: number
  /** Successful ones. */
  readonly requests_per_second: number
  /** Of successful ones, from the first byte sent to the last received. */
  readonly latency_ms: Percentiles
  /** Processor time of the server's process, a request. */
  readonly cpu_ms: number
  /** Processor time of its main thread, a request; null where the system does not tell. */
  readonly main_thread_ms: number | null
  /** The share of the time that its main thread was busy. */
  readonly event_loop_utilization: number
  readonly rss_mib: number
  /** Cores that making the load took. What it takes, the server lacks. */
  readonly load_cpus: number
}

export interface LevelOptions {
  readonly photos: readonly Uint8Array[]
  /** Each sends when it has its answer. */
  readonly concurrency: number
  readonly seconds: number
  /** Fewer than fit into the time, where there are fewer. */
  readonly requests?: number
}

/** Puts load on a server and watches what it uses. @throws CommandError where the server does not tell */
export async function measureLevel (server: Pick<ServerProcess, 'base' | 'pid'>, { photos, concurrency, ...limits }: LevelOptions): Promise<Level> {
  const before = await readUsage(server)
  const images = { photo: photos, garbage: [], truncated: [], huge: [] }
  const result = await runLoadInThread({ base: server.base, images, mix: 'photos', pace: { clients: concurrency }, ...limits })
  return { concurrency, ...summarize(result), ...used(before, await readUsage(server), result.outcomes.length) }
}

function summarize ({ outcomes, seconds, cpuSeconds }: LoadResult): Pick<Level, 'requests' | 'failed' | 'requests_per_second' | 'latency_ms' | 'load_cpus'> {
  const times = outcomes.filter(({ status }) => status === 200).map(({ ms }) => ms)
  return {
    requests: outcomes.length,
    failed: outcomes.length - times.length,
    requests_per_second: times.length / seconds,
    latency_ms: { p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) },
    load_cpus: cpuSeconds / seconds
  }
}

function used (before: ServerUsage, after: ServerUsage, requests: number): Pick<Level, 'cpu_ms' | 'main_thread_ms' | 'event_loop_utilization' | 'rss_mib'> {
  const mainThread = (after.mainThreadSeconds ?? NaN) - (before.mainThreadSeconds ?? NaN)
  return {
    cpu_ms: 1000 * (after.cpuSeconds - before.cpuSeconds) / requests,
    main_thread_ms: Number.isNaN(mainThread) ? null : 1000 * mainThread / requests,
    event_loop_utilization: after.eventLoopUtilization,
    rss_mib: after.rssMib
  }
}
