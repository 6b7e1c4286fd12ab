/**
 * NanoDet-Plus's assign guidance module, which only training has: a second neck, and a head on both necks that assigns the targets of
 * both heads.
 * Upstream: nanodet/model/arch/nanodet_plus.py, nanodet/model/head/simple_conv_head.py
 */
import { gflHead } from '../../head/gfl-head.ts'
import { zeros } from '../../models/checkpoints/state-dict.ts'
import { buildNeck } from '../../models/architectures.ts'
import type { ModelConfig } from '../../models/config.ts'
import { buildOnImage, type Network } from '../../models/network.ts'
import { ACTIVATIONS } from '../../nn/activations.ts'
import { groupNormConvModule } from '../../nn/blocks/conv-module.ts'
import type { Feature } from '../../nn/feature.ts'
import * as op from '../../nn/ops.ts'
import { Scope, type Weights } from '../../nn/scope.ts'
import type { Tensor } from '../../nn/tensor.ts'

const STACKED_CONVS = 4

/** A network under training, and the records of building it. */
export type TrainedNetwork = Pick<Network, 'predictions' | 'taps' | 'aliases' | 'params' | 'owners' | 'statistics'>

/**
 * Builds the auxiliary neck and head on a network's features. Parameters are `aux_fpn.…` and `aux_head.…`.
 * @param enter what happens to the network's features on their way in
 */
export function buildAuxiliary (
  config: ModelConfig, weights: Weights, { features, levels }: Pick<Network, 'features' | 'levels'>, enter: (x: Tensor) => Tensor
): TrainedNetwork {
  const scope = Scope.root(weights)
  const entered = (feature: Feature): Feature => ({ ...feature, tensor: enter(feature.tensor) })
  const neck = buildNeck(config.neck, ACTIVATIONS[config.acts?.neck ?? config.act])
  const auxiliary = scope.apply('aux_fpn', neck, features.map(entered))
  const joined = auxiliary.map((feature, i) => ({ ...feature, tensor: op.concat([enter(levels[i]!.tensor), feature.tensor]) }))
  const predictions = scope.apply('aux_head', headOf(config), joined)
  const { taps, aliases, params, owners, statistics } = scope
  return { predictions, taps, aliases, params, owners, statistics }
}

/** Every parameter of a model in training by its full name: with those of the auxiliary head, which the served model lacks. */
export function parametersInTraining (config: ModelConfig, auxiliary: boolean, folded = false): ReadonlyMap<string, Tensor> {
  const network = buildOnImage(config, zeros(folded))
  if (!auxiliary) return network.params
  return new Map([...network.params, ...buildAuxiliary(config, zeros(folded), network, x => x).params])
}

const headOf = ({ labels, neck, head, act, acts }: ModelConfig) => gflHead({
  numClasses: labels.length,
  regMax: head.regMax,
  featChannels: 2 * neck.outChannels,
  stackedConvs: STACKED_CONVS,
  convModule: groupNormConvModule,
  act: ACTIVATIONS[acts?.head ?? act]
})
