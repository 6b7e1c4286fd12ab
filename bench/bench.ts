/** npm run bench: what a photo costs, bare and through the server, and which of two is faster. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelConfig } from '../models/config.ts'
import { measureLevel, type Level } from './level.ts'
import { readMachine } from './machine.ts'
import { toSvg } from './plot.ts'
import { ratiosOf } from './ratios.ts'
import { toMarkdown, versusToMarkdown, type Report, type Versus } from './report.ts'
import { measureStages } from './stages.ts'
import { compareSides } from './versus.ts'
import { readArguments, runAsProgram, runCommand, UsageError, wholeNumber, writeOutput, type Io } from '../cli/command.ts'
import { ProgressBar } from '../cli/progress-bar.ts'
import { readPhotos, type Photo } from './soak/images.ts'
import { startServer, type ServerProcess } from './soak/server-process.ts'
import { chooseModel, readStateDict } from '../cli/store.ts'

const HELP = `Measures what a photo costs: bare, stage by stage on one thread, and through the server, with more and more clients at a time.
Or says which of two is faster, run in turn.

  npm run bench -- [options]
  npm run bench -- --compare A B [options]

  --images DIR         photos (.jpg) to measure with (those of the package that the weights come from)
  --model NAME         which model (nanodet-m-416)
  --rounds N           how often each photo is run bare (20)
  --concurrency LIST   how many clients at a time (1,2,4,8,16)
  --seconds N          how long each of these (5)
  --compare A B        two folders with builds (dist), each served with one worker; or two models, run on one thread: NAME, or NAME=CHECKPOINT
  --out DIR            write bench.json, bench.md and bench.svg; of a comparison compare.json and compare.md
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
  compare: { type: 'boolean', default: false },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

const SIDES = { 0: 'options only', 2: 'two to compare: --compare A B' } as const
const MAX_CLIENTS = 400
/** Its answers are not counted: they come while the server's code is still being compiled. */
const WARM_UP_SECONDS = 2

interface Request {
  readonly images: string | undefined
  readonly config: ModelConfig
  readonly rounds: number
  readonly concurrency: readonly number[]
  readonly seconds: number
  /** Two things to compare; none where the server is to be measured. */
  readonly sides: readonly string[]
  readonly out: string | undefined
  readonly json: boolean
}

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    if (!request) io.stdout.write(HELP)
    else if (request.sides.length > 0) await versus(request, io)
    else await bench(request, io)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  const { model, rounds, concurrency, seconds, compare, help, images, out, json } = values
  if (help) return undefined
  const expected = compare ? 2 : 0
  const found = positionals.join(' ') || 'nothing'
  if (positionals.length !== expected) throw new UsageError(`expected ${SIDES[expected]}, found ${found}; --help lists the options`)
  return {
    images,
    config: chooseModel(model),
    rounds: wholeNumber('--rounds', rounds, 10_000),
    concurrency: concurrency.split(',').map(text => wholeNumber('--concurrency', text, MAX_CLIENTS)),
    seconds: wholeNumber('--seconds', seconds, 3600),
    sides: positionals,
    out,
    json
  }
}

async function bench (request: Request, io: Io): Promise<void> {
  const report = await measure(request, await readPhotos(request.images), io)
  await output('bench', { json: toJson(report), md: toMarkdown(report), svg: toSvg(report) }, request, io)
}

async function versus ({ sides, rounds, ...request }: Request, io: Io): Promise<void> {
  const photos = await readPhotos(request.images)
  const machine = readMachine()
  const bar = new ProgressBar(1, io)
  const results = await bar.during(sides.join(' and '), () => compareSides(sides, photos, rounds)).finally(() => bar.stop())
  const report: Versus = { machine, photos: photos.length, rounds, sides: results }
  await output('compare', { json: toJson(report), md: versusToMarkdown(report) }, request, io)
}

/** Prints one form of a report, and writes all of them where that is asked for. @param forms by the ending of the file's name */
async function output (
  name: string, forms: { readonly json: string, readonly md: string, readonly svg?: string }, { out, json }: Pick<Request, 'out' | 'json'>, io: Io
): Promise<void> {
  io.stdout.write(json ? forms.json : forms.md)
  if (out === undefined) return
  for (const [ending, content] of Object.entries(forms)) await writeOutput(join(out, `${name}.${ending}`), Buffer.from(content))
}

const toJson = (report: Report | Versus): string => `${JSON.stringify(report, null, 2)}\n`

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
