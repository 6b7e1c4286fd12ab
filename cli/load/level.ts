import { cpus } from 'node:os'
import { latencyOf, type Latency } from './latency.ts'
import { runLoadInThread, type LoadResult } from './load.ts'
import type { ServerProcess } from './server-process.ts'
import { readUsage, type ServerUsage } from './server-usage.ts'

/** Results of a number of concurrent clients. Names are those of the JSON report; null if the system does not provide a value. */
export interface Level {
  readonly concurrency: number
  readonly requests: number
  /** Not answered with 200. */
  readonly failed: number
  /** Successful ones. */
  readonly requests_per_second: number
  /** Of successful ones, from the first byte sent to the last received. */
  readonly latency_ms: Latency
  /** Processor time of all processes of the server, per request. */
  readonly cpu_ms: number | null
  /** Processor time of its main thread, per request. */
  readonly main_thread_ms: number | null
  /** Share of the time that its main thread was busy. */
  readonly event_loop_utilization: number
  /** Of all processes of the server. */
  readonly rss_mib: number | null
  /** Cores that the load generator used, which the server did not have. */
  readonly load_cpus: number
  /** Cores that other programs of the machine used. */
  readonly other_cpus: number | null
}

export interface LevelOptions {
  readonly photos: readonly Uint8Array[]
  /** Each client sends its next request after the answer. */
  readonly concurrency: number
  readonly seconds: number
  /** Maximum number of requests, in addition to the time. */
  readonly requests?: number
}

type Target = Pick<ServerProcess, 'base' | 'pid'>
type Usage = ServerUsage & { readonly machineSeconds: number }

/** Puts load on a server and measures its use of resources. @throws CommandError if the server has no metrics */
export async function measureLevel (server: Target, { photos, concurrency, ...limits }: LevelOptions): Promise<Level> {
  const images = { photo: photos, garbage: [], truncated: [], huge: [] }
  const before = await readAll(server)
  const result = await runLoadInThread({ base: server.base, images, mix: 'photos', pace: { clients: concurrency }, ...limits })
  const after = await readAll(server)
  return { concurrency, ...answered(result), ...used(before, after, result) }
}

const readAll = async (server: Target): Promise<Usage> => ({ ...await readUsage(server), machineSeconds: busySeconds() })

/** Busy seconds of all cores of the machine since it started. */
const busySeconds = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000

function answered ({ outcomes, seconds }: LoadResult) {
  const times = outcomes.filter(({ status }) => status === 200).map(({ ms }) => ms)
  return {
    requests: outcomes.length,
    failed: outcomes.length - times.length,
    requests_per_second: times.length / seconds,
    latency_ms: latencyOf(times)
  }
}

function used (before: Usage, after: Usage, { outcomes, seconds, cpuSeconds: load }: LoadResult) {
  const server = difference(after.cpuSeconds, before.cpuSeconds)
  const mainThread = difference(after.mainThreadSeconds, before.mainThreadSeconds)
  return {
    cpu_ms: server && 1000 * server / outcomes.length,
    main_thread_ms: mainThread && 1000 * mainThread / outcomes.length,
    event_loop_utilization: after.eventLoopUtilization,
    rss_mib: after.rssMib ?? null,
    load_cpus: load / seconds,
    other_cpus: server && Math.max(0, (after.machineSeconds - before.machineSeconds - server - load) / seconds)
  }
}

const difference = (after: number | undefined, before: number | undefined): number | null =>
  after === undefined || before === undefined ? null : after - before
