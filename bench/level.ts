import { cpus } from 'node:os'
import { runLoadInThread, type LoadResult } from './soak/load.ts'
import type { ServerProcess } from './soak/server-process.ts'
import { percentile, type Percentiles } from './soak/summary.ts'
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
  /** Cores that neither the server nor the load took, but something else on the machine. */
  readonly other_cpus: number
}

export interface LevelOptions {
  readonly photos: readonly Uint8Array[]
  /** Each sends when it has its answer. */
  readonly concurrency: number
  readonly seconds: number
  /** Fewer than fit into the time, where there are fewer. */
  readonly requests?: number
}

type Target = Pick<ServerProcess, 'base' | 'pid'>
type Usage = ServerUsage & { readonly machineSeconds: number }

/** Puts load on a server and watches what it uses. @throws CommandError where the server does not tell */
export async function measureLevel (server: Target, { photos, concurrency, ...limits }: LevelOptions): Promise<Level> {
  const images = { photo: photos, garbage: [], truncated: [], huge: [] }
  const before = await readAll(server)
  const result = await runLoadInThread({ base: server.base, images, mix: 'photos', pace: { clients: concurrency }, ...limits })
  const after = await readAll(server)
  return { concurrency, ...answered(result), ...used(before, after, result) }
}

const readAll = async (server: Target): Promise<Usage> => ({ ...await readUsage(server), machineSeconds: busySeconds() })

/** Seconds that all cores of the machine together were not idle since it started. */
const busySeconds = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000

function answered ({ outcomes, seconds }: LoadResult) {
  const times = outcomes.filter(({ status }) => status === 200).map(({ ms }) => ms)
  return {
    requests: outcomes.length,
    failed: outcomes.length - times.length,
    requests_per_second: times.length / seconds,
    latency_ms: { p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) }
  }
}

function used (before: Usage, after: Usage, { outcomes, seconds, cpuSeconds: load }: LoadResult) {
  const server = after.cpuSeconds - before.cpuSeconds
  const mainThread = (after.mainThreadSeconds ?? NaN) - (before.mainThreadSeconds ?? NaN)
  return {
    cpu_ms: 1000 * server / outcomes.length,
    main_thread_ms: Number.isNaN(mainThread) ? null : 1000 * mainThread / outcomes.length,
    event_loop_utilization: after.eventLoopUtilization,
    rss_mib: after.rssMib,
    load_cpus: load / seconds,
    other_cpus: Math.max(0, (after.machineSeconds - before.machineSeconds - server - load) / seconds)
  }
}
