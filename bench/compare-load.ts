import { CommandError } from '../cli/errors.ts'
import { interleave } from '../cli/compare.ts'
import { measureLevel, type Level } from '../cli/load/level.ts'
import type { Photo } from '../cli/load/photos.ts'
import { startServer, type ServerProcess } from '../cli/load/server-process.ts'
import type { Builds } from './builds.ts'
import { measureOf, type Measure } from './measure.ts'
import type { Turns } from './throughput.ts'

export interface Load extends Turns { readonly clients: number }

const VALUES: Readonly<Record<string, (level: Level) => number | null>> = {
  'requests/s': level => level.requests_per_second,
  'p50, ms': ({ latency_ms: { p50 } }) => p50,
  'p95, ms': ({ latency_ms: { p95 } }) => p95,
  'CPU ms per request': level => level.cpu_ms,
  'main thread, CPU ms per request': level => level.main_thread_ms,
  'resident MiB under load': level => level.rss_mib
}
const WARM_UP_TURNS = 1

/**
 * Puts load on the servers of two builds in turn: both run, one rests. The environment sets them up.
 * @throws CommandError if one does not start, or fails on a photo
 */
export async function compareLoad (builds: Builds, photos: readonly Photo[], load: Load): Promise<Measure[]> {
  const servers: ServerProcess[] = []
  try {
    for (const main of [builds.a, builds.b]) servers.push(await startServer({ MAX_QUEUE_WAIT: '0' }, main))
    const [a, b] = servers.map(server => () => turn(server, photos, load))
    const levels = await interleave({ a: a!, b: b! }, load.turns, WARM_UP_TURNS)
    return Object.entries(VALUES).flatMap(([name, read]) => measureWhereKnown(name, levels.a.map(read), levels.b.map(read)))
  } finally {
    await Promise.all(servers.map(server => server.end()))
  }
}

async function turn (server: ServerProcess, photos: readonly Photo[], { clients, seconds }: Load): Promise<Level> {
  const level = await measureLevel(server, { photos: photos.map(({ bytes }) => bytes), concurrency: clients, seconds })
  if (level.failed > 0) throw new CommandError(`The server failed on ${level.failed} of ${level.requests} photos`)
  return level
}

function measureWhereKnown (name: string, a: ReadonlyArray<number | null>, b: ReadonlyArray<number | null>): Measure[] {
  const isKnown = (value: number | null): boolean => value !== null
  return a.every(isKnown) && b.every(isKnown) ? [measureOf(name, a as number[], b as number[])] : []
}
