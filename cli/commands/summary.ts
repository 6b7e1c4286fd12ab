import { availableParallelism } from 'node:os'
import { z } from 'zod'
import type { ProfileOutput } from '../../engine/profile/report.ts'
import type { ConfigOfKind, ModelConfig } from '../../models/config.ts'
import { summarize, type ModelSummary } from '../../models/summary.ts'
import { command } from '../command.ts'
import { CommandError, UsageError } from '../errors.ts'
import { modelArgument } from '../model-argument.ts'
import { flag, OUTPUT_OPTIONS, wholeNumber } from '../options.ts'
import { withModel } from '../run-model.ts'
import { describeSummary, timed } from '../summary-text.ts'
import { findArtifact, findConfig, MODEL_OPTIONS, PRECISION_OPTION, type Target } from '../target.ts'

const DEFAULT_DEPTH = 2
const MAX_DEPTH = 100
const RUNS = 20

/** Prints a network's layers and their cost. */
export const summary = command({
  name: 'summary',
  summary: 'Print a network\'s layers and their cost',
  args: { usage: '[MODEL]', schema: z.array(z.string()).max(1, 'Expected one model') },
  options: {
    ...MODEL_OPTIONS,
    depth: wholeNumber(1, MAX_DEPTH, `Levels of the layer tree to show (default ${DEFAULT_DEPTH}; all with --json)`).optional(),
    folded: flag('Fold batch norms into convolutions, as networks run'),
    time: flag('Also run the network and show the time of each layer; needs weights'),
    ...PRECISION_OPTION,
    ...OUTPUT_OPTIONS
  },
  details: `MODEL is short for --model MODEL. A config suffices, except with --time. The cost of a layer includes the layers in it.

parameters: trained numbers
MACs: multiply-accumulate operations of convolutions and matrix products, for one image
memory access: elements read and written, the cost that ShuffleNet V2 adds (https://arxiv.org/abs/1807.11164); \
its four guidelines come last
ms, with --time: measured on a blank picture on this machine while other work may run, with all its cores: the median of ${RUNS} runs, or of those in 2 s. \
Fused operators count for the layer of the last one; the last row includes the overhead of measuring`,
  examples: ['nanodet summary nanodet-plus-m-416', 'nanodet summary my.yml --depth 3', 'nanodet summary --time --depth 3'],
  async run ({ options: { depth, folded, time, json, ...options }, args: [model] }, io) {
    if (options.precision === 'int8' && !time) throw new UsageError('--precision: expected --time, too')
    const target = modelArgument(model, options)
    const config = networkOf(await findConfig(target))
    const summary = summarize(config, folded)
    const measured = time ? timed(summary, await measure(target), options.precision) : summary
    const shown = upToDepth(measured, depth ?? (json ? Infinity : DEFAULT_DEPTH))
    io.stdout.write(json ? `${JSON.stringify(shown)}\n` : describeSummary(shown))
  }
})

/** @throws CommandError if the network can't be profiled */
async function measure (target: Target): Promise<ProfileOutput> {
  const options = { workers: 1, threads: availableParallelism() }
  return await withModel(await findArtifact(target), 'profile', options, async lease => {
    const layers = lease.model.layers.map(({ name }) => name)
    return await lease.run({ bytes: new Uint8Array(), runs: RUNS, layers }).catch((cause: Error) => {
      throw new CommandError(`The network could not be profiled: ${cause.message}`, { cause })
    })
  })
}

/** @throws UsageError for models whose layers are not known */
function networkOf ({ kind, config }: ConfigOfKind): ModelConfig {
  if (kind === 'detector') return config
  const problem = kind === 'opaque'
    ? `is an ONNX graph; nanodet features --list --model ${config.name}.onnx lists its layers`
    : 'is a classifier'
  throw new UsageError(`--model: summaries are for NanoDet networks; ${config.name} ${problem}`)
}

const upToDepth = <S extends ModelSummary>({ layers, ...summary }: S, depth: number) =>
  ({ ...summary, layers: layers.filter(({ name }) => name.split('.').length <= depth) })
