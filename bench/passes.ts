import { z } from 'zod'
import { command } from '../cli/command.ts'
import { compare, type Variant } from '../cli/compare.ts'
import { UsageError } from '../cli/errors.ts'
import { readInput } from '../cli/files.ts'
import { OUTPUT_OPTIONS, wholeNumber } from '../cli/options.ts'
import { readArtifact } from '../cli/read-model.ts'
import { aboutFile, MAX_PIXELS } from '../cli/run-model.ts'
import { findArtifact, MODEL_OPTIONS } from '../cli/target.ts'
import { textTable } from '../cli/text-table.ts'
import { Session, type Picture } from '../engine/session.ts'
import { Steps } from '../engine/steps.ts'
import { weightsOf } from '../models/checkpoints/state-dict.ts'
import type { NetworkModel } from '../models/model.ts'
import { compile } from '../models/network.ts'
import { PASSES } from '../nn/passes/optimize.ts'
import type { Pass } from '../nn/passes/rewrite.ts'
import { range } from './format.ts'

/** Times the graph passes. */
export const passes = command({
  name: 'bench passes',
  summary: 'Measure the gain of each graph pass',
  args: { usage: 'PHOTO', schema: z.tuple([z.string()], { error: 'Expected one photo' }) },
  options: {
    ...MODEL_OPTIONS,
    rounds: wholeNumber(1, 10_000, 'Runs of each variant').default(200),
    ...OUTPUT_OPTIONS
  },
  details: 'Times a network without passes, with all of them, and with all but one: session.run on one thread.',
  async run ({ options: { rounds, json, ...options }, args: [path] }, io) {
    const artifact = await findArtifact(options)
    if (artifact.kind !== 'detector') throw new UsageError(`--model: graph passes are for NanoDet networks, not for ${artifact.name}`)
    const results = await compare(await variantsOf(await readArtifact(artifact), path), rounds)
    if (json) io.stdout.write(`${JSON.stringify(results)}\n`)
    else {
      const rows = results.map(({ name, median, ratio, spread }) => [name, median.toFixed(2), ratio.toFixed(3), range(spread, 2)])
      io.stdout.write(`${textTable({ passes: 'left', ms: 'right', ratio: 'right', 'middle half': 'right' }, rows)}\n`)
    }
  }
})

async function variantsOf (model: NetworkModel, path: string): Promise<Record<string, Variant>> {
  const image = { bytes: await readInput(path), maxPixels: MAX_PIXELS }
  const { picture } = await aboutFile(path, new Steps(model.config).preprocess(image))
  const variants: Record<string, Variant> = {}
  for (const [name, passes] of Object.entries(selections())) variants[name] = await prepare(model, passes, picture)
  return variants
}

/** Selections of passes by name. */
function selections (): Record<string, readonly Pass[]> {
  const allBut = PASSES.map(pass => [`all but ${pass.name}`, PASSES.filter(other => other !== pass)] as const)
  return { none: [], all: PASSES, ...Object.fromEntries(allBut) }
}

async function prepare ({ config, stateDict }: NetworkModel, passes: readonly Pass[], picture: Picture): Promise<Variant> {
  const session = await Session.create(compile(config, weightsOf(stateDict), { passes }), 1)
  return () => session.run(picture)
}
