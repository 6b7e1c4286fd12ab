import { availableCpus } from '../../engine/cpu-quota.ts'
import { command } from '../command.ts'
import { CommandError } from '../errors.ts'
import type { Io } from '../io.ts'
import { measureLevel } from '../load/level.ts'
import { IMAGES_OPTION, readPhotos } from '../load/photos.ts'
import { servedModel, SERVED_MODEL_OPTIONS } from '../load/served-model.ts'
import { startServer } from '../load/server-process.ts'
import { OUTPUT_OPTIONS, wholeNumber } from '../options.ts'
import { ProgressBar } from '../progress-bar.ts'
import { textTable } from '../text-table.ts'

const DEFAULT_SECONDS = 6
const MAX_SECONDS = 600

/** WORKERS and THREADS of a server. */
export interface Split { readonly workers: number, readonly threads: number }

/** Results of a server with a split. */
interface Trial extends Split {
  /** Median latency of a single client, in milliseconds. */
  readonly p50_ms: number
  /** With two clients per worker. */
  readonly requests_per_second: number
}

interface Load {
  readonly photos: readonly Uint8Array[]
  readonly seconds: number
  readonly env: Record<string, string>
}

/** Finds the WORKERS and THREADS that suit this machine. */
export const tune = command({
  name: 'tune',
  summary: 'Find the WORKERS and THREADS that suit this machine',
  options: {
    ...SERVED_MODEL_OPTIONS,
    seconds: wholeNumber(1, MAX_SECONDS, 'Duration of each trial').default(DEFAULT_SECONDS),
    ...IMAGES_OPTION,
    ...OUTPUT_OPTIONS
  },
  details: 'Tries the server with few workers of many threads to many workers of one thread each. WORKERS × THREADS never exceeds ' +
    'the cores available to this process; a container\'s CPU quota counts. Each trial measures latency with one client, ' +
    'and throughput with two clients per worker.',
  examples: ['nanodet tune --seconds 20', 'nanodet tune --model my.yml --images photos'],
  async run ({ options: { seconds, images, json, ...options } }, io) {
    const photos = (await readPhotos(images)).map(({ bytes }) => bytes)
    const { env } = await servedModel(options)
    const trials = await tryAll(splitsOf(availableCpus()), { photos, seconds, env }, io)
    const latency = bestOf(trials, ({ p50_ms: ms }) => -ms)
    const throughput = bestOf(trials, ({ requests_per_second: rate }) => rate)
    io.stdout.write(json ? `${JSON.stringify({ trials, latency, throughput })}\n` : toText(trials, latency, throughput))
  }
})

/** The splits of some cores in which neither workers nor threads can be increased. */
export function splitsOf (cores: number): Split[] {
  const all = Array.from({ length: cores }, (_, i) => ({ workers: Math.floor(cores / (i + 1)), threads: i + 1 }))
  return all.filter(({ workers, threads }) => Math.floor(cores / workers) === threads)
}

async function tryAll (splits: readonly Split[], load: Load, io: Io): Promise<Trial[]> {
  const bar = new ProgressBar(splits.length, io)
  const trials: Trial[] = []
  try {
    for (const split of splits) trials.push(await bar.during(describe(split), () => tryOut(split, load)))
  } finally {
    bar.stop()
  }
  return trials
}

async function tryOut ({ workers, threads }: Split, { photos, seconds, env }: Load): Promise<Trial> {
  const server = await startServer({ ...env, MAX_QUEUE_WAIT: '0', WORKERS: String(workers), THREADS: String(threads) })
  try {
    const run = (concurrency: number) => measureLevel(server, { photos, concurrency, seconds: seconds / 3 })
    const { failed, requests } = await run(2 * workers) // warm-up: the server's code is still being compiled
    if (failed > 0) throw new CommandError(`The server failed on ${failed} of ${requests} photos: is each of them an image?`)
    const { latency_ms: { p50 } } = await run(1)
    const { requests_per_second: throughput } = await run(2 * workers)
    return { workers, threads, p50_ms: p50, requests_per_second: throughput }
  } finally {
    await server.end()
  }
}

const bestOf = (trials: readonly Trial[], score: (trial: Trial) => number): Trial =>
  trials.reduce((best, trial) => score(trial) > score(best) ? trial : best)

function toText (trials: readonly Trial[], latency: Trial, throughput: Trial): string {
  const rows = trials.map(({ workers, threads, p50_ms: p50, requests_per_second: throughput }) =>
    [String(workers), String(threads), p50.toFixed(1), throughput.toFixed(1)])
  const table = textTable({ workers: 'right', threads: 'right', 'p50 alone, ms': 'right', 'requests/s': 'right' }, rows)
  return `${table}\nfor latency:    ${describe(latency)}\nfor throughput: ${describe(throughput)}\n`
}

const describe = ({ workers, threads }: Split): string => `WORKERS=${workers} THREADS=${threads}`
