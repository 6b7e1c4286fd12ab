import { randomFillSync } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { command, type Request } from '../cli/command.ts'
import { measureLevel, type Level } from '../cli/load/level.ts'
import { startServer } from '../cli/load/server-process.ts'
import { OUTPUT_OPTIONS, wholeNumber, wholeNumbers } from '../cli/options.ts'
import { ProgressBar } from '../cli/progress-bar.ts'
import { textTable } from '../cli/text-table.ts'
import { show } from './format.ts'
import { describeMachine, readMachine } from './machine.ts'

const SERVER = fileURLToPath(new URL('./scale/sleeping-server.js', import.meta.url))
const WORKERS = [1, 2, 4, 8, 16, 32, 64]
const START_OF_JPEG = [0xff, 0xd8, 0xff]
/** One that is served, one that waits. */
const CLIENTS_PER_WORKER = 2
const WARM_UP_SECONDS = 1

const SCALE_OPTIONS = {
  workers: wholeNumbers(1, 256, 'Numbers of workers').default(WORKERS),
  sleepMs: wholeNumber(1, 60_000, 'Milliseconds that a worker sleeps for a photo').default(32),
  bytes: wholeNumber(3, 10_000_000, 'Size of a photo').default(40_000),
  seconds: wholeNumber(1, 3600, 'Duration of each number of workers').default(5),
  ...OUTPUT_OPTIONS
} as const

type Options = Request<typeof SCALE_OPTIONS, unknown>['options']

/** Results of a number of workers. Names are those of the JSON report. */
export interface Scaled extends Level {
  readonly workers: number
  /** Requests per second if nothing but the workers took time. */
  readonly ideal: number
}

const COLUMNS: Record<string, (scaled: Scaled) => number | null> = {
  workers: ({ workers }) => workers,
  'ideal/s': ({ ideal }) => ideal,
  'requests/s': scaled => scaled.requests_per_second,
  failed: ({ failed }) => failed,
  p50: ({ latency_ms: { p50 } }) => p50,
  p99: ({ latency_ms: { p99 } }) => p99,
  'main thread ms': scaled => scaled.main_thread_ms,
  'loop busy': scaled => scaled.event_loop_utilization,
  'CPU ms': scaled => scaled.cpu_ms,
  MiB: scaled => scaled.rss_mib,
  load: scaled => scaled.load_cpus,
  others: scaled => scaled.other_cpus
}

const LEGEND = `ideal: workers ÷ sleep; p50 and p99: ms; main thread ms and CPU ms: a request, the latter of all processes; loop busy: share of the time;
load: cores that sending the requests took, of the same machine; others: cores that neither server nor load took`

/** Finds what limits a server with many workers. */
export const scale = command({
  name: 'bench scale',
  summary: 'Measure how far the main process scales, with workers that sleep',
  options: SCALE_OPTIONS,
  details: 'Starts the server with more and more workers, which sleep instead of running a network, and sends photos from two clients per ' +
    'worker. So the main process can be measured as if the machine had more cores. Load comes from a thread of this process.',
  async run ({ options }, io) {
    const machine = readMachine()
    const bar = new ProgressBar(options.workers.length, io)
    const levels: Scaled[] = []
    try {
      for (const workers of options.workers) levels.push(await bar.during(`${workers} workers`, () => measure(workers, options)))
    } finally {
      bar.stop()
    }
    io.stdout.write(options.json ? `${JSON.stringify({ machine, levels }, null, 2)}\n` : `${describeMachine(machine)}\n${toText(levels)}`)
  }
})

async function measure (workers: number, { sleepMs, bytes, seconds }: Options): Promise<Scaled> {
  const server = await startServer({ WORKERS: String(workers), SLEEP_MS: String(sleepMs), MAX_QUEUE: '1000', MAX_QUEUE_WAIT: '0' }, SERVER)
  try {
    const load = { photos: [photoOf(bytes)], concurrency: CLIENTS_PER_WORKER * workers }
    await measureLevel(server, { ...load, seconds: Math.min(WARM_UP_SECONDS, seconds) })
    return { workers, ideal: 1000 * workers / sleepMs, ...await measureLevel(server, { ...load, seconds }) }
  } finally {
    await server.end()
  }
}

/** What the main process takes for a photo. */
function photoOf (bytes: number): Buffer {
  const photo = randomFillSync(Buffer.alloc(bytes))
  photo.set(START_OF_JPEG)
  return photo
}

function toText (levels: readonly Scaled[]): string {
  const rows = levels.map(level => Object.values(COLUMNS).map(read => show(read(level))))
  return `${textTable(Object.fromEntries(Object.keys(COLUMNS).map(name => [name, 'right'])), rows)}\n${LEGEND}\n`
}
