/** Options of nanodet bench. */
import { IMAGES_OPTION } from '../cli/load/photos.ts'
import { SERVED_MODEL_OPTIONS } from '../cli/load/served-model.ts'
import { UsageError } from '../cli/errors.ts'
import { flag, OUTPUT_OPTIONS, text, wholeNumber, wholeNumbers } from '../cli/options.ts'

const MAX_CLIENTS = 400
const MAX_ROUNDS = 10_000
const MAX_SECONDS = 3600
const CONCURRENCY = [1, 2, 4, 8, 16]

/** Two models or builds to compare. */
export type Sides = readonly [a: string, b: string]

export const BENCH_OPTIONS = {
  ...SERVED_MODEL_OPTIONS,
  ...IMAGES_OPTION,
  rounds: wholeNumber(1, MAX_ROUNDS, 'Runs per photo without a server, or per side').default(20),
  concurrency: wholeNumbers(1, MAX_CLIENTS, 'Numbers of concurrent clients').default(CONCURRENCY),
  seconds: wholeNumber(1, MAX_SECONDS, 'Duration of each number of clients').default(5),
  turns: wholeNumber(1, MAX_ROUNDS, 'Turns of server and bare pipelines, or of two builds').default(10),
  turnSeconds: wholeNumber(1, MAX_SECONDS, 'Duration of a turn').default(2),
  compare: flag('Compare A and B: two folders with builds (dist), each served with one worker; ' +
    'or two models, run on one thread'),
  clients: wholeNumber(1, MAX_CLIENTS, 'With --compare: requests/s of two builds, each with this number of clients')
    .optional(),
  starts: wholeNumber(1, MAX_ROUNDS, 'With --compare: time until ready and memory of two builds, each started this often')
    .optional(),
  out: text('DIR', 'Write bench.json, bench.md and bench.svg, or compare.json and compare.md').optional(),
  ...OUTPUT_OPTIONS
} as const

interface Comparing {
  readonly compare: boolean
  readonly clients?: number | undefined
  readonly starts?: number | undefined
}

/** The sides to compare; undefined if the server is to be measured. @throws UsageError */
export function readSides ({ compare, clients, starts }: Comparing, positionals: readonly string[]): Sides | undefined {
  const [a, b, ...rest] = positionals
  if (!compare && a !== undefined) throw new UsageError(`Unexpected argument ${a}: only --compare takes arguments`)
  if (!compare && (clients ?? starts) !== undefined) throw new UsageError('--clients and --starts need --compare A B')
  if (!compare) return undefined
  if (a !== undefined && b !== undefined && rest.length === 0) return [a, b]
  throw new UsageError(`Expected two to compare: nanodet bench --compare A B, found ${positionals.join(' ') || 'nothing'}`)
}
