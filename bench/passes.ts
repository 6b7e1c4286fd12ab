/** node dist/bench/passes.js: what each graph pass gains. */
import { fileURLToPath } from 'node:url'
import { Session, type Picture } from '../engine/session.ts'
import { Steps } from '../engine/tasks/steps.ts'
import type { ModelConfig } from '../models/config.ts'
import { compile } from '../models/network.ts'
import { loadWeights } from '../models/weights.ts'
import { PASSES } from '../nn/passes/optimize.ts'
import type { Pass } from '../nn/passes/rewrite.ts'
import { readArguments, readInput, runAsProgram, runCommand, UsageError, wholeNumber, type Io } from '../cli/command.ts'
import { compare, type Variant } from '../cli/compare.ts'
import { aboutFile, chooseModel, MAX_PIXELS } from '../cli/store.ts'
import { textTable } from '../cli/text-table.ts'
import { range } from './format.ts'

const HELP = `Times a network as its layers say it, with every graph pass, and with all but one: session.run, one thread.

  node dist/bench/passes.js [options] IMAGE

  --model NAME   which model (nanodet-m-416)
  --rounds N     how often each runs (200)
  --help
`
const OPTIONS = {
  model: { type: 'string' },
  rounds: { type: 'string', default: '200' },
  help: { type: 'boolean', default: false }
} as const

/** @param argv without node and the script @returns the exit code */
export function main (argv: readonly string[], io: Io): Promise<number> {
  return runCommand(io, async () => {
    const { values, positionals: [path] } = readArguments({ args: argv, options: OPTIONS, allowPositionals: true })
    const { model, rounds, help } = values
    io.stdout.write(help ? HELP : await measure(chooseModel(model), path, wholeNumber('--rounds', rounds, 10_000)))
    return 0
  })
}

async function measure (config: ModelConfig, path: string | undefined, rounds: number): Promise<string> {
  if (path === undefined) throw new UsageError('expected an image; --help lists the options')
  const { picture } = await aboutFile(path, new Steps(config).preprocess({ bytes: await readInput(path), maxPixels: MAX_PIXELS }))
  const variants: Record<string, Variant> = {}
  for (const [name, passes] of Object.entries(selections())) variants[name] = await prepare(config, passes, picture)
  const results = await compare(variants, rounds)
  const rows = results.map(({ name, median, ratio, spread }) =>
    [name, median.toFixed(2), ratio.toFixed(3), range(spread, 2)])
  return `${textTable({ passes: 'left', ms: 'right', ratio: 'right', 'middle half': 'right' }, rows)}\n`
}

/** Which passes are run, by what to call that. */
function selections (): Record<string, readonly Pass[]> {
  const allBut = PASSES.map(pass => [`all but ${pass.name}`, PASSES.filter(other => other !== pass)] as const)
  return { none: [], all: PASSES, ...Object.fromEntries(allBut) }
}

async function prepare (config: ModelConfig, passes: readonly Pass[], picture: Picture): Promise<Variant> {
  const session = await Session.create(compile(config, await loadWeights(config), { passes }), 1)
  return () => session.run(picture)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runAsProgram(main)
