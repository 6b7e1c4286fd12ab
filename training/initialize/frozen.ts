import { zeros } from '../../models/checkpoints/state-dict.ts'
import { buildClassifierOnImage } from '../../models/classifier.ts'
import type { ClassifierConfig, ModelConfig } from '../../models/config.ts'
import { buildOnImage } from '../../models/network.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import type { Tensor } from '../../nn/tensor.ts'

const NONE = 'none'
const BACKBONE = 'backbone'

/** A part that a network does not have, so that it can't be frozen. */
export class FreezeError extends Error { override name = 'FreezeError' }

interface Network {
  readonly output: Tensor
  readonly aliases: ReadonlyMap<string, Tensor>
  readonly params: ReadonlyMap<string, Tensor>
}

/** What can be frozen of a model: nothing, its stem, everything up to one of its stages, its backbone. */
export const freezeLevels = (config: ModelConfig | ClassifierConfig): string[] =>
  [NONE, ...partsOf(build(config, false)), BACKBONE]

/**
 * The names of the parameters that are trained, in the order of the forward pass: those that the output depends on and that are not frozen.
 * A frozen stage freezes what comes before it. Running statistics are never trained.
 * @param folded whether the batch norms are folded into the convolutions
 * @param freeze `none`, `stem`, `stage2`, … as the backbone numbers its stages, or `backbone`
 * @throws FreezeError if the backbone has no such stage
 */
export function trainedParameters (config: ModelConfig | ClassifierConfig, folded: boolean, freeze: string): string[] {
  const network = build(config, folded)
  const frozen = readBy(frozenEnds(network, config, freeze))
  const used = readBy([network.output])
  return [...network.params].filter(([name, x]) => used.has(x) && !frozen.has(x) && !isStatistic(name)).map(([name]) => name)
}

/** Whether a parameter is a batch norm's running mean or variance. */
export const isStatistic = (name: string): boolean => /\.running_(mean|var)$/.test(name)

function build (config: ModelConfig | ClassifierConfig, folded: boolean): Network {
  if ('head' in config) {
    const { predictions: output, aliases, params } = buildOnImage(config, zeros(folded))
    return { output, aliases, params }
  }
  const { logits: output, aliases, params } = buildClassifierOnImage(config, zeros(folded))
  return { output, aliases, params }
}

/** The stem and the stages, in order. */
const partsOf = ({ aliases }: Network): string[] => [...aliases.keys()].filter(name => /^(stem|stage\d+)$/.test(name))

/** The tensors that end the frozen part. */
function frozenEnds (network: Network, { backbone }: ModelConfig | ClassifierConfig, freeze: string): Tensor[] {
  if (freeze === NONE) return []
  const parts = partsOf(network)
  const last = freeze === BACKBONE ? parts.at(-1)! : freeze
  if (parts.includes(last)) return [network.aliases.get(last)!]
  throw new FreezeError(`${backbone.name} has no ${freeze} to freeze; possible: ${[NONE, ...parts, BACKBONE].join(', ')}`)
}

const readBy = (outputs: readonly Tensor[]): Set<Tensor> =>
  new Set(topologicalOrder(outputs).flatMap(({ inputs }) => inputs.filter(x => x !== undefined)))
