import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { interleave } from '../cli/compare.ts'
import { readPss, readTree } from '../cli/load/process-tree.ts'
import { startServer } from '../cli/load/server-process.ts'
import type { Builds } from './builds.ts'
import { measureOf, type Measure } from './measure.ts'

interface Start {
  readonly ms: number
  readonly rssMib: number
  readonly pssMib: number
}

/** Milliseconds until memory is read, when the memory used for the start has been freed. */
const SETTLE = 1000
const WARM_UP_STARTS = 1

/**
 * Starts the servers of two builds in turn, one at a time. The environment sets them up. Memory is measured on Linux only.
 * @throws CommandError if one does not start
 */
export async function compareStarts (builds: Builds, starts: number): Promise<Measure[]> {
  const { a, b } = await interleave({ a: () => start(builds.a), b: () => start(builds.b) }, starts, WARM_UP_STARTS)
  const measure = (name: string, read: (start: Start) => number): Measure => measureOf(name, a.map(read), b.map(read))
  const time = measure('start to ready, ms', ({ ms }) => ms)
  if (a.some(({ rssMib }) => rssMib === 0)) return [time]
  const rss = measure('ready: resident MiB', ({ rssMib }) => rssMib)
  const pss = measure('ready: proportional MiB', ({ pssMib }) => pssMib)
  return [time, rss, pss]
}

async function start (main: string): Promise<Start> {
  const { startMs, pid, end } = await startServer({}, bundleOf(main) ?? main)
  try {
    await sleep(SETTLE)
    const { pids, rssMib } = await readTree(pid) ?? { pids: [], rssMib: 0 }
    return { ms: startMs, rssMib, pssMib: await readPss(pids) }
  } finally {
    await end()
  }
}

/** The bundle of the same build, which `npm start` and the image run; undefined if it has none. */
function bundleOf (main: string): string | undefined {
  const bundle = join(main, '../../start/main.js')
  return existsSync(bundle) ? bundle : undefined
}
