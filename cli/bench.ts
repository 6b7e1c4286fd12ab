/** npm run bench: what a photo costs, bare and through the server, and which of two is faster. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelConfig } from '../models/config.ts'
import { measureLevel, type Level } from './bench/level.ts'
import { readMachine } from './bench/machine.ts'
import { toSvg } from './bench/plot.ts'
import { ratiosOf } from './bench/ratios.ts'
import { toMarkdown, type Report } from './bench/report.ts'
import { measureStages } from './bench/stages.ts'
import { readArguments, runAsProgram, runCommand, UsageError, writeOutput, type Io } from './command.ts'
import { ProgressBar } from './progress-bar.ts'
import { readPhotos, type Photo } from './soak/images.ts'
import { startServer, type ServerProcess } from './soak/server-process.ts'
import { chooseModel, readStateDict } from './store.ts'

const HELP = `Measures what a photo costs: bare, stage by stage on one thread, and through the server, with more and more clients at a time.

  npm run bench -- [options]

  --images DIR         photos (.jpg) to measure with (those of the package that the weights come from)
  --model NAME         which model (nanodet-m-416)
  --rounds N           how often each photo is run bare (20)
  --concurrency LIST   how many clients at a time (1,2,4,8,16)
  --seconds N          how long each of these (5)
  --out DIR            write bench.json, bench.md and bench.svg
  --json               one JSON object instead of tables (npm run --silent keeps npm's own lines away)
  --help

The server is started for it, on a free port of 127.0.0.1, and set up by the environment: WORKERS=1 THREADS=2 npm run bench. Load comes from
a thread of this process, on the same cores; how much of them it takes is measured, too.

Exit code: 0, 1 when a file can't be used or the server does not start, 2 when the arguments are wrong.
`

const OPTIONS = {
  images: { type: 'string' },
  model: { type: 'string' },
  rounds: { type: 'string', default: '20' },
  concurrency: { type: 'string', default: '1,2,4,8,16' },
  seconds: { type: 'string', default: '5' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

const MAX_CLIENTS = 400
/** Its answers are not counted: they come while the server's code is still being compiled. */
const WARM_UP_SECONDS = 2

interface Request {
  readonly images: string | undefined
  readonly config: ModelConfig
  readonly rounds: number
  readonly concurrency: readonly number[]
  readonly seconds: number
  readonly out: string | undefined
  readonly json: boolean
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (request) await bench(request, io)
    else io.stdout.write(HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values: { model, rounds, concurrency, seconds, help, images, out, json } } = readArguments({ args: argv, options: OPTIONS })
  if (help) return undefined
  return {
    images,
    config: chooseModel(model),
    rounds: wholeNumber('--rounds', rounds, 10_000),
    concurrency: concurrency.split(',').map(text => wholeNumber('--concurrency', text, MAX_CLIENTS)),
    seconds: wholeNumber('--seconds', seconds, 3600),
    out,
    json
  }
}

function wholeNumber (option: string, text: string, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1 && value <= max) return value
  throw new UsageError(`${option}: expected a whole number from 1 to ${max}, found ${text || 'nothing'}`)
}

async function bench (request: Request, io: Io): Promise<void> {
  const report = await measure(request, await readPhotos(request.images), io)
  const json = `${JSON.stringify(report, null, 2)}\n`
  const markdown = toMarkdown(report)
  io.stdout.write(request.json ? json : markdown)
  if (request.out === undefined) return
  const files = { 'bench.json': json, 'bench.md': markdown, 'bench.svg': toSvg(report) }
  for (const [name, content] of Object.entries(files)) await writeOutput(join(request.out, name), Buffer.from(content))
}

async function measure (request: Request, photos: readonly Photo[], io: Io): Promise<Report> {
  const { config, rounds, concurrency } = request
  const machine = readMachine()
  const bar = new ProgressBar(concurrency.length + 2, io)
  const server = await startServer({ DEFAULT_MODEL: config.name, PRELOAD: config.name })
  try {
    const { threads, workers } = server
    const model = { kind: 'detector', config, stateDict: await readStateDict(config, undefined) } as const
    const stages = await bar.during('bare', () => measureStages(model, photos, { threads, rounds }))
    const levels = await measureLevels(server, request, photos, bar)
    const mean = photos.reduce((sum, { bytes }) => sum + bytes.length, 0) / photos.length
    const ratios = ratiosOf(stages, levels, machine.cores)
    return { machine, model: config.name, workers, threads, photos: { count: photos.length, mean_bytes: mean }, stages, levels, ratios }
  } finally {
    bar.stop()
    server.kill('SIGKILL')
  }
}

async function measureLevels (
  server: ServerProcess, { concurrency, seconds }: Request, photos: readonly Photo[], bar: ProgressBar
): Promise<Level[]> {
  const bytes = photos.map(({ bytes }) => bytes)
  const level = (step: string, clients: number, time: number): Promise<Level> =>
    bar.during(step, () => measureLevel(server, { photos: bytes, concurrency: clients, seconds: time }))
  await level('warm-up', 2 * server.workers, Math.min(WARM_UP_SECONDS, seconds))
  const levels: Level[] = []
  for (const clients of concurrency) levels.push(await level(`${clients} clients`, clients, seconds))
  return levels
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
