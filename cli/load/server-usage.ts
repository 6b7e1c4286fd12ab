import { readFile } from 'node:fs/promises'
import { CommandError } from '../errors.ts'
import { readGauge } from './gauge.ts'
import { readTree } from './process-tree.ts'
import type { ServerProcess } from './server-process.ts'

/** Resources used by a server's processes; undefined except on Linux. */
export interface ServerUsage {
  /** Since they started, of all of them. */
  readonly cpuSeconds: number | undefined
  /** Of the main thread of the main process. */
  readonly mainThreadSeconds: number | undefined
  /** Share of the time since the last reading that the main process's event loop was busy. */
  readonly eventLoopUtilization: number
  /** Resident memory of all of them. */
  readonly rssMib: number | undefined
}

/** Reads a server's metrics, and the system's on its processes. @throws CommandError if the server does not answer */
export async function readUsage ({ base, pid }: Pick<ServerProcess, 'base' | 'pid'>): Promise<ServerUsage> {
  const metrics = await fetch(`${base}/metrics`).then(response => response.text())
    .catch(cause => { throw new CommandError(`${base}/metrics: the server does not answer`, { cause }) })
  const tree = await readTree(pid)
  return {
    cpuSeconds: tree?.cpuSeconds,
    mainThreadSeconds: await threadSeconds(pid),
    eventLoopUtilization: readGauge(metrics, 'nodejs_eventloop_utilization'),
    rssMib: tree?.rssMib
  }
}

/** The main thread's number is the process's. The first value in schedstat is nanoseconds on a core. */
async function threadSeconds (pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Number(text.split(' ')[0]) / 1e9
}
