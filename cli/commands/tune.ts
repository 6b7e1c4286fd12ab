/** npm run tune: how many workers and threads suit this machine. */
import { fileURLToPath } from 'node:url'
import { availableCpus } from '../engine/cpu-quota.ts'
import { CommandError, readArguments, runAsProgram, runCommand, wholeNumber, type Io } from './command.ts'
import { measureLevel } from './load/level.ts'
import { readPhotos } from './load/photos.ts'
import { startServer } from './load/server-process.ts'
import { ProgressBar } from './progress-bar.ts'
import { textTable } from './text-table.ts'

const HELP = `Tries the server with few workers of many threads and with many of few, and says which suits this machine.

  npm run tune -- [options]

  --seconds N    how long each is tried (6)
  --images DIR   photos (.jpg) to try with (those of the package that the weights come from)
  --json         one JSON object instead of a table (npm run --silent keeps npm's own lines away)
  --help

WORKERS × THREADS are as many as the cores that this process may use; a container's CPU quota counts. Each is tried with one client alone,
for latency, and with two for each worker, for throughput.

Exit code: 0, 1 when a file can't be used or the server does not start, 2 when the arguments are wrong.
`

const OPTIONS = {
  seconds: { type: 'string', default: '6' },
  images: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

/** WORKERS and THREADS, as the server takes them. */
export interface Split { readonly workers: number, readonly threads: number }

/** How the server did with a split. */
interface Trial extends Split {
  /** Of one client alone, at the median, in milliseconds. */
  readonly p50_ms: number
  /** With two clients for each worker. */
  readonly requests_per_second: number
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const { values: { seconds, images, json, help } } = readArguments({ args: argv, options: OPTIONS })
    if (help) io.stdout.write(HELP)
    else await tune(wholeNumber('--seconds', seconds, 600), images, json, io)
    return 0
  })
}

/** The splits of some cores in which neither workers nor threads can be more. */
export function splitsOf (cores: number): Split[] {
  const all = Array.from({ length: cores }, (_, i) => ({ workers: Math.floor(cores / (i + 1)), threads: i + 1 }))
  return all.filter(({ workers, threads }) => Math.floor(cores / workers) === threads)
}

async function tune (seconds: number, images: string | undefined, json: boolean, io: Io): Promise<void> {
  const photos = (await readPhotos(images)).map(({ bytes }) => bytes)
  const splits = splitsOf(availableCpus())
  const bar = new ProgressBar(splits.length, io)
  const trials: Trial[] = []
  try {
    for (const split of splits) trials.push(await bar.during(describe(split), () => tryOut(split, photos, seconds)))
  } finally {
    bar.stop()
  }
  const latency = trials.reduce((best, trial) => trial.p50_ms < best.p50_ms ? trial : best)
  const throughput = trials.reduce((best, trial) => trial.requests_per_second > best.requests_per_second ? trial : best)
  io.stdout.write(json ? `${JSON.stringify({ trials, latency, throughput })}\n` : toText(trials, latency, throughput))
}

async function tryOut ({ workers, threads }: Split, photos: readonly Uint8Array[], seconds: number): Promise<Trial> {
  const server = await startServer({ WORKERS: String(workers), THREADS: String(threads) })
  try {
    const run = (concurrency: number) => measureLevel(server, { photos, concurrency, seconds: seconds / 3 })
    const { failed, requests } = await run(2 * workers) // warms up: the server's code is still being compiled
    if (failed > 0) throw new CommandError(`The server can't answer ${failed} of ${requests} photos: is each of them an image?`)
    const { latency_ms: { p50 } } = await run(1)
    const { requests_per_second: throughput } = await run(2 * workers)
    return { workers, threads, p50_ms: p50, requests_per_second: throughput }
  } finally {
    await server.end()
  }
}

function toText (trials: readonly Trial[], latency: Trial, throughput: Trial): string {
  const rows = trials.map(({ workers, threads, p50_ms: p50, requests_per_second: throughput }) =>
    [String(workers), String(threads), p50.toFixed(1), throughput.toFixed(1)])
  const table = textTable({ workers: 'right', threads: 'right', 'p50 alone, ms': 'right', 'requests/s': 'right' }, rows)
  return `${table}\nfor latency:    ${describe(latency)}\nfor throughput: ${describe(throughput)}\n`
}

const describe = ({ workers, threads }: Split): string => `WORKERS=${workers} THREADS=${threads}`

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
