import { z } from 'zod'
import type { ConfigOfKind, ModelConfig } from '../../models/config.ts'
import { summarize, type ModelSummary } from '../../models/summary.ts'
import { command } from '../command.ts'
import { UsageError } from '../errors.ts'
import { modelArgument } from '../model-argument.ts'
import { flag, OUTPUT_OPTIONS, wholeNumber } from '../options.ts'
import { describeSummary } from '../summary-text.ts'
import { findConfig, MODEL_OPTIONS } from '../target.ts'

const DEFAULT_DEPTH = 2
const MAX_DEPTH = 100

/** Prints a network's layers and their cost. */
export const summary = command({
  name: 'summary',
  summary: 'Print a network\'s layers and their cost',
  args: { usage: '[MODEL]', schema: z.array(z.string()).max(1, 'Expected one model') },
  options: {
    ...MODEL_OPTIONS,
    depth: wholeNumber(1, MAX_DEPTH, `Levels of the layer tree to show (default ${DEFAULT_DEPTH}; all with --json)`).optional(),
    folded: flag('Fold batch norms into convolutions, as networks run'),
    ...OUTPUT_OPTIONS
  },
  details: `MODEL is short for --model MODEL. Weights are not needed: a config suffices. The cost of a layer includes the layers in it.

parameters: trained numbers
MACs: multiply-accumulate operations of convolutions and matrix products, for one image
memory access: elements read and written, the cost that ShuffleNet V2 adds (https://arxiv.org/abs/1807.11164); \
its four guidelines come last`,
  examples: ['nanodet summary nanodet-plus-m-416', 'nanodet summary my.yml --depth 3'],
  async run ({ options: { depth, folded, json, ...options }, args: [model] }, io) {
    const config = networkOf(await findConfig(modelArgument(model, options)))
    const summary = upToDepth(summarize(config, folded), depth ?? (json ? Infinity : DEFAULT_DEPTH))
    io.stdout.write(json ? `${JSON.stringify(summary)}\n` : describeSummary(summary))
  }
})

/** @throws UsageError for models whose layers are not known */
function networkOf ({ kind, config }: ConfigOfKind): ModelConfig {
  if (kind === 'detector') return config
  const problem = kind === 'opaque'
    ? `is an ONNX graph; nanodet features --list --model ${config.name}.onnx lists its layers`
    : 'is a classifier'
  throw new UsageError(`--model: summaries are for NanoDet networks; ${config.name} ${problem}`)
}

const upToDepth = ({ layers, ...summary }: ModelSummary, depth: number): ModelSummary =>
  ({ ...summary, layers: layers.filter(({ name }) => name.split('.').length <= depth) })
