import { interleave, ratioOf, rotated, type Ratio } from '../cli/compare.ts'
import { CommandError } from '../cli/errors.ts'
import { measureLevel } from '../cli/load/level.ts'
import type { Photo } from '../cli/load/photos.ts'
import type { ServerProcess } from '../cli/load/server-process.ts'
import { median } from '../engine/numbers.ts'
import type { DetectorModel } from '../models/model.ts'
import { BareProcesses } from './bare-processes.ts'

/** Duration of a comparison. */
export interface Turns {
  /** Number of turns of each. */
  readonly turns: number
  /** Seconds of a turn. */
  readonly seconds: number
}

/** Throughput of the server and of as many concurrent bare pipelines as it has workers. Names are those of the JSON report. */
export interface ThroughputRatio extends Turns, Ratio {
  readonly clients: number
  readonly pipelines: number
  /** Of the server, at the median. */
  readonly requests_per_second: number
  /** Of all pipelines together, at the median. */
  readonly images_per_second: number
}

export const BUSY_CLIENTS = 8
const WARM_UP_TURNS = 1

type Measured = Pick<ServerProcess, 'base' | 'pid' | 'workers' | 'threads'>

/**
 * Measures a server and bare pipelines in turn: one rests while the other works.
 * @param model the one that the server runs
 * @throws CommandError if the server fails on a photo
 */
export async function measureThroughput (
  server: Measured, model: DetectorModel, photos: readonly Photo[], { turns, seconds }: Turns
): Promise<ThroughputRatio> {
  const { workers: pipelines, threads } = server
  const bare = await BareProcesses.start(pipelines, { model, threads, photos })
  try {
    const variants = { server: serverTurns(server, photos, seconds), bare: () => bare.run(seconds) }
    const rates = await interleave(variants, turns, WARM_UP_TURNS)
    const medians = { requests_per_second: median(rates.server), images_per_second: median(rates.bare) }
    return { clients: BUSY_CLIENTS, pipelines, turns, seconds, ...medians, ...ratioOf(rates.server, rates.bare) }
  } finally {
    bare.close()
  }
}

/** Requests per second in one turn. Each turn begins after the last photo of the previous one. */
function serverTurns (server: Measured, photos: readonly Photo[], seconds: number): () => Promise<number> {
  const bytes = photos.map(photo => photo.bytes)
  let sent = 0
  return async () => {
    const level = await measureLevel(server, { photos: rotated(bytes, sent), concurrency: BUSY_CLIENTS, seconds })
    if (level.failed > 0) throw new CommandError(`The server failed on ${level.failed} of ${level.requests} photos`)
    sent += level.requests
    return level.requests_per_second
  }
}
