import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { command, type Request } from '../cli/command.ts'
import { writeOutput } from '../cli/files.ts'
import type { Io } from '../cli/io.ts'
import type { Images } from '../cli/load/mix.ts'
import { IMAGES_OPTION } from '../cli/load/photos.ts'
import { servedModel, SERVED_MODEL_OPTIONS } from '../cli/load/served-model.ts'
import { startServer, type ServerProcess } from '../cli/load/server-process.ts'
import { OUTPUT_OPTIONS, text, wholeNumber } from '../cli/options.ts'
import { ProgressBar } from '../cli/progress-bar.ts'
import { rounded } from '../engine/numbers.ts'
import { readImages } from './soak/images.ts'
import { runEndurance, runOverload, type Finished } from './soak/plans.ts'
import { toText, type Report } from './soak/report.ts'
import { judge } from './soak/verdicts.ts'

const SOAK_OPTIONS = {
  ...SERVED_MODEL_OPTIONS,
  seconds: wholeNumber(1, 3600, 'Approximate duration').default(60),
  requests: wholeNumber(1, 1_000_000, 'Send this number of requests as fast as the server answers, to see if memory grows')
    .optional(),
  ...IMAGES_OPTION,
  out: text('DIR', 'Write all values to DIR/soak.json').optional(),
  ...OUTPUT_OPTIONS
} as const

type Options = Request<typeof SOAK_OPTIONS, unknown>['options']

/** Limits that the server promises to keep, in milliseconds; these are its defaults. */
const PROMISES = { REQUEST_TIMEOUT: 5000, SHUTDOWN_TIMEOUT: 10_000 }

/** Checks the server's limits under load. */
export const soak = command({
  name: 'soak',
  summary: 'Check that the server keeps its limits under load',
  options: SOAK_OPTIONS,
  details: `Puts the server under load: at its capacity, then at 1×, 2× and 4× of it, mixed with clients that disconnect, garbage, \
truncated photos and huge images; then 1,000 clients that disconnect, and SIGTERM under load. With --requests, sends the same mix at \
capacity, then SIGTERM.

The command starts the server on a free port of 127.0.0.1; environment variables configure it: WORKERS=1 nanodet soak. Load comes from a \
thread of this process, on the same cores.`,
  examples: ['nanodet soak --seconds 300 --out results', 'nanodet soak --model my.yml --images photos'],
  exitCodes: 'Exit code: 0; 1 if a value misses its limit or the server does not start; 2 if the arguments are wrong; ' +
    '130 on SIGINT, 143 on SIGTERM.',
  async run ({ options }, io) {
    const report = await measure(options, await readImages(options.images), io)
    const json = `${JSON.stringify(report, null, 2)}\n`
    io.stdout.write(options.json ? json : toText(report))
    if (options.out !== undefined) await writeOutput(join(options.out, 'soak.json'), json)
    return report.verdicts.every(({ pass }) => pass) ? 0 : 1
  }
})

async function measure (options: Options, images: Images, io: Io): Promise<Report> {
  const loadAverage = rounded(loadavg()[0]!, 1)
  const requestTimeout = Number(process.env['REQUEST_TIMEOUT'] || PROMISES.REQUEST_TIMEOUT)
  const shutdownTimeout = Number(process.env['SHUTDOWN_TIMEOUT'] || PROMISES.SHUTDOWN_TIMEOUT)
  const { env } = await servedModel(options)
  const limits = { REQUEST_TIMEOUT: String(requestTimeout), SHUTDOWN_TIMEOUT: String(shutdownTimeout) }
  const server = await startServer({ ...env, ...limits })
  const { phases, ending } = await run(options, images, server, io).finally(() => server.end())
  return {
    node: process.version,
    cpus: availableParallelism(),
    workers: server.workers,
    load_average: loadAverage,
    request_timeout_ms: requestTimeout,
    start_ms: Math.round(server.startMs),
    phases,
    verdicts: judge(phases, ending, { requestTimeout, shutdownTimeout, cores: availableParallelism() })
  }
}

async function run ({ seconds, requests }: Options, images: Images, server: ServerProcess, io: Io): Promise<Finished> {
  const bar = new ProgressBar(requests === undefined ? 7 : 3, io)
  const plan = { server, images, seconds, onPhase: (phase: string): void => bar.count(phase) }
  try {
    return await (requests === undefined ? runOverload(plan) : runEndurance(plan, requests))
  } finally {
    bar.stop()
  }
}
