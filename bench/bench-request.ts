/** What npm run bench is asked for. */
import { readArguments, UsageError, wholeNumber } from '../cli/command.ts'
import { chooseModel } from '../cli/store.ts'
import type { ModelConfig } from '../models/config.ts'

export const HELP = `Measures what a photo costs: bare, stage by stage on one thread; through the server with more and more clients
at a time; and through the server beside as many bare pipelines at once as it has workers. Or says which of two is faster,
run in turn.

  npm run bench -- [options]
  npm run bench -- --compare A B [options]

  --images DIR         photos (.jpg) to measure with (those of the package that the weights come from)
  --model NAME         which model (nanodet-m-416)
  --rounds N           how often each photo is run bare, or by either side (20)
  --concurrency LIST   how many clients at a time (1,2,4,8,16)
  --seconds N          how long each of these (5)
  --turns N            how often the server and bare pipelines, or two builds, take turns (10)
  --turn-seconds N     how long a turn is (2)
  --compare A B        two folders with builds (dist), each served with one worker; or two models, run on one thread:
                       NAME, or NAME=CHECKPOINT
  --clients N          requests/s of two builds instead, each with so many clients at a time
  --starts N           or how long two builds take to be ready, and their memory then; each is started so often
  --out DIR            write bench.json, bench.md and bench.svg; of a comparison compare.json and compare.md
  --json               one JSON object instead of tables (npm run --silent keeps npm's own lines away)
  --help

The server is started for it, on a free port of 127.0.0.1, and set up by the environment: WORKERS=1 THREADS=2 npm run bench.
Load comes from a thread of this process, on the same cores; how much of them it takes is measured, too.

Exit code: 0, 1 when a file can't be used or the server does not start, 2 when the arguments are wrong.
`

const OPTIONS = {
  images: { type: 'string' },
  model: { type: 'string' },
  rounds: { type: 'string', default: '20' },
  concurrency: { type: 'string', default: '1,2,4,8,16' },
  seconds: { type: 'string', default: '5' },
  turns: { type: 'string', default: '10' },
  'turn-seconds': { type: 'string', default: '2' },
  compare: { type: 'boolean', default: false },
  clients: { type: 'string' },
  starts: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

const MAX_CLIENTS = 400
const MAX_ROUNDS = 10_000
const MAX_SECONDS = 3600

/** The two to compare. */
export type Sides = readonly [a: string, b: string]

export interface Request {
  readonly images: string | undefined
  readonly config: ModelConfig
  readonly rounds: number
  readonly concurrency: readonly number[]
  readonly seconds: number
  readonly turns: number
  readonly turnSeconds: number
  /** undefined where the server is to be measured. */
  readonly sides: Sides | undefined
  readonly clients: number | undefined
  readonly starts: number | undefined
  readonly out: string | undefined
  readonly json: boolean
}

/** undefined where help is asked for. @throws UsageError */
export function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  const { model, rounds, concurrency, seconds, turns, images, out, json } = values
  if (values.help) return undefined
  return {
    images,
    config: chooseModel(model),
    rounds: wholeNumber('--rounds', rounds, MAX_ROUNDS),
    concurrency: concurrency.split(',').map(text => wholeNumber('--concurrency', text, MAX_CLIENTS)),
    seconds: wholeNumber('--seconds', seconds, MAX_SECONDS),
    turns: wholeNumber('--turns', turns, MAX_ROUNDS),
    turnSeconds: wholeNumber('--turn-seconds', values['turn-seconds'], MAX_SECONDS),
    ...readSides(values, positionals),
    out,
    json
  }
}

interface Comparing { readonly compare: boolean, readonly clients?: string | undefined, readonly starts?: string | undefined }

function readSides (
  { compare, clients, starts }: Comparing, positionals: readonly string[]
): Pick<Request, 'sides' | 'clients' | 'starts'> {
  const found = positionals.join(' ') || 'nothing'
  const [a, b, ...rest] = positionals
  if (!compare && a !== undefined) throw new UsageError(`expected options only, found ${found}; --help lists the options`)
  if (!compare && (clients ?? starts) !== undefined) throw new UsageError('--clients and --starts need --compare A B')
  if (compare && (b === undefined || rest.length > 0)) {
    throw new UsageError(`expected two to compare: --compare A B, found ${found}; --help lists the options`)
  }
  return {
    sides: a === undefined || b === undefined ? undefined : [a, b],
    clients: clients === undefined ? undefined : wholeNumber('--clients', clients, MAX_CLIENTS),
    starts: starts === undefined ? undefined : wholeNumber('--starts', starts, MAX_ROUNDS)
  }
}
