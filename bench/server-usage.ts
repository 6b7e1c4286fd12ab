import { readFile } from 'node:fs/promises'
import { CommandError } from '../cli/command.ts'
import { readGauge } from './soak/monitor.ts'
import type { ServerProcess } from './soak/server-process.ts'

/** What a server process has used. */
export interface ServerUsage {
  /** Since it started, of all its threads. */
  readonly cpuSeconds: number
  /** Of its main thread; undefined where the system does not tell: only Linux does. */
  readonly mainThreadSeconds: number | undefined
  /** The share of the time since the last reading that the event loop was busy. */
  readonly eventLoopUtilization: number
  readonly rssMib: number
}

/** Reads a server's metrics. @throws CommandError where it does not answer */
export async function readUsage ({ base, pid }: Pick<ServerProcess, 'base' | 'pid'>): Promise<ServerUsage> {
  const metrics = await fetch(`${base}/metrics`).then(response => response.text())
    .catch(cause => { throw new CommandError(`${base}/metrics: the server does not answer`, { cause }) })
  return {
    cpuSeconds: readGauge(metrics, 'process_cpu_seconds_total'),
    mainThreadSeconds: await threadSeconds(pid),
    eventLoopUtilization: readGauge(metrics, 'nodejs_eventloop_utilization'),
    rssMib: readGauge(metrics, 'process_resident_memory_bytes') / 2 ** 20
  }
}

/** The main thread's number is the process's. The first figure of schedstat is nanoseconds on a core. */
async function threadSeconds (pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Number(text.split(' ')[0]) / 1e9
}
