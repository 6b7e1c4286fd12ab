/** npm run soak: puts the real server under load, and says whether it keeps its promises. */
import { availableParallelism, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { readArguments, runAsProgram, runCommand, wholeNumber, writeOutput, type Io } from '../cli/command.ts'
import { ProgressBar } from '../cli/progress-bar.ts'
import type { Images } from '../cli/load/mix.ts'
import { startServer, type ServerProcess } from '../cli/load/server-process.ts'
import { rounded } from '../engine/numbers.ts'
import { readImages } from './soak/images.ts'
import { runEndurance, runOverload, type Finished } from './soak/plans.ts'
import { toText, type Report } from './soak/report.ts'
import { judge } from './soak/verdicts.ts'

const HELP = `Puts the server under load on this machine, and says whether it keeps its promises.

  npm run soak -- [options]

  --seconds N    how long, about (60): at its capacity, then at 1×, 2× and 4× of it with clients that leave, garbage, truncated photos and
                 huge images mixed in; 1,000 clients that leave; SIGTERM under load
  --requests N   instead: N such requests as fast as they are answered, and SIGTERM; does memory grow?
  --images DIR   photos (.jpg) to send (those of the package that the weights come from)
  --json FILE    write all figures
  --help

The server is started for it, on a free port of 127.0.0.1, and set up by the environment: WORKERS=1 npm run soak. Load comes from a thread
of this process, on the same cores.

Exit code: 0, 1 when a figure misses its limit or the server does not start, 2 when the arguments are wrong.
`

const OPTIONS = {
  seconds: { type: 'string', default: '60' },
  requests: { type: 'string' },
  images: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false }
} as const

/** Promises that the server makes, in milliseconds; these are its defaults. */
const PROMISES = { REQUEST_TIMEOUT: 5000, SHUTDOWN_TIMEOUT: 10_000 }

interface Request {
  readonly seconds: number
  readonly requests: number | undefined
  readonly images: string | undefined
  readonly json: string | undefined
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (request) return await soak(request, io)
    io.stdout.write(HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values: { seconds, requests, images, json, help } } = readArguments({ args: argv, options: OPTIONS })
  if (help) return undefined
  return {
    seconds: wholeNumber('--seconds', seconds, 3600),
    requests: requests === undefined ? undefined : wholeNumber('--requests', requests, 1_000_000),
    images,
    json
  }
}

async function soak (request: Request, io: Io): Promise<number> {
  const loadAverage = rounded(loadavg()[0]!, 1)
  const images = await readImages(request.images)
  const requestTimeout = Number(process.env['REQUEST_TIMEOUT'] || PROMISES.REQUEST_TIMEOUT)
  const shutdownTimeout = Number(process.env['SHUTDOWN_TIMEOUT'] || PROMISES.SHUTDOWN_TIMEOUT)
  const server = await startServer({ REQUEST_TIMEOUT: String(requestTimeout), SHUTDOWN_TIMEOUT: String(shutdownTimeout) })
  const { phases, ending } = await run(request, images, server, io).finally(() => server.end())
  const report: Report = {
    node: process.version,
    cpus: availableParallelism(),
    workers: server.workers,
    load_average: loadAverage,
    request_timeout_ms: requestTimeout,
    start_ms: Math.round(server.startMs),
    phases,
    verdicts: judge(phases, ending, { requestTimeout, shutdownTimeout, cores: availableParallelism() })
  }
  io.stdout.write(toText(report))
  if (request.json !== undefined) await writeOutput(request.json, Buffer.from(`${JSON.stringify(report, null, 2)}\n`))
  return report.verdicts.every(({ pass }) => pass) ? 0 : 1
}

async function run ({ seconds, requests }: Request, images: Images, server: ServerProcess, io: Io): Promise<Finished> {
  const bar = new ProgressBar(requests === undefined ? 7 : 3, io)
  const plan = { server, images, seconds, onPhase: (phase: string): void => bar.count(phase) }
  try {
    return await (requests === undefined ? runOverload(plan) : runEndurance(plan, requests))
  } finally {
    bar.stop()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
