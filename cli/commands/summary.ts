/** npm run summary: what a model's layers are and cost. */
import { fileURLToPath } from 'node:url'
import type { ModelConfig } from '../models/config.ts'
import { summarize, type ModelSummary } from '../models/summary.ts'
import { readArguments, runAsProgram, runCommand, UsageError, type Io } from './command.ts'
import { count } from './detect-options.ts'
import { readModel } from './model-argument.ts'
import { describeSummary } from './summary-text.ts'

const DEFAULT_DEPTH = 2
const HELP = `Sums up what a model's layers are and cost. It needs no weights.

  npm run summary -- MODEL [options]

  --depth ${DEFAULT_DEPTH}   how deep into the tree of layers to show; with --json all of it by default
  --folded    with batch norms folded into the convolutions before them, as networks run
  --json      one JSON object instead of tables (npm run --silent keeps npm's own lines away)
  --help

A layer's figures include those of the layers within it.
  parameters      trained numbers
  MACs            multiply-accumulate operations of convolutions and matrix products, for one image
  memory access   elements read and written, the cost that ShuffleNet V2 adds to these (https://arxiv.org/abs/1807.11164);
                  its four guidelines are figures at the end

Exit code: 0, 2 when the arguments are wrong.
`

const OPTIONS = {
  depth: { type: 'string' },
  folded: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false }
} as const

interface Request { readonly config: ModelConfig, readonly depth: number, readonly folded: boolean, readonly json: boolean }

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const request = readRequest(argv)
    io.stdout.write(request ? run(request) : HELP)
    return 0
  })
}

/** undefined where help is asked for. */
function readRequest (argv: readonly string[]): Request | undefined {
  const { values, positionals: [model, ...rest] } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
  if (values.help) return undefined
  if (rest.length > 0) throw new UsageError(`Expected one model, found ${rest.join(' ')}, too; --help lists the options`)
  const { folded, json } = values
  const depth = count('depth', values.depth) ?? (json ? Infinity : DEFAULT_DEPTH)
  return { config: readModel(model, 'npm run summary'), depth, folded, json }
}

function run ({ config, depth, folded, json }: Request): string {
  const summary = upToDepth(summarize(config, folded), depth)
  return json ? `${JSON.stringify(summary)}\n` : describeSummary(summary)
}

const upToDepth = ({ layers, ...summary }: ModelSummary, depth: number): ModelSummary =>
  ({ ...summary, layers: layers.filter(({ name }) => name.split('.').length <= depth) })

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
