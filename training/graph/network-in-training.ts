import type { ModelConfig } from '../../models/config.ts'
import { buildNetwork, type Network } from '../../models/network.ts'
import type { Graph } from '../../nn/graph.ts'
import { optimizeTraining } from '../../nn/passes/optimize-training.ts'
import type { BatchStatistics } from '../../nn/scope.ts'
import type { Node, Tensor } from '../../nn/tensor.ts'
import { Detached } from '../losses/detached.ts'
import { buildAuxiliary, type TrainedNetwork } from './auxiliary.ts'
import { weightsInTraining, type Trained } from './fed-weights.ts'
import { predictionPlanes } from './planes.ts'

export interface NetworkOptions extends Trained {
  readonly config: ModelConfig
  /** NanoDet-Plus only: with the auxiliary head. */
  readonly auxiliary: boolean
  /** The auxiliary head does not train the network that it is on, as upstream from its `detach_epoch` on. */
  readonly isAuxiliaryDetached?: boolean
}

/** A network whose trained parameters are inputs. */
export interface NetworkInTraining {
  /** Predictions `[N, values, P]` of the head, and of the auxiliary head. */
  readonly heads: readonly Tensor[]
  /** Fed parameters by name. */
  readonly trained: ReadonlyMap<string, Tensor>
  readonly statistics: ReadonlyMap<string, BatchStatistics>
  readonly owners: ReadonlyMap<Node, string>
  /** Tensors that count as constants in gradients. */
  readonly detached: Detached
}

/** Builds a network over a normalized image `[N, 3, H, W]`, with the passes that make training faster. */
export function networkInTraining (options: NetworkOptions, image: Tensor): NetworkInTraining {
  const { config, auxiliary, isAuxiliaryDetached = false } = options
  const weights = weightsInTraining(options)
  const detached = new Detached()
  const network = buildNetwork(config, weights, image)
  const planes = predictionPlanes(config.head, network.aliases)
  if (!auxiliary) return optimized({ ...network, heads: [planes], trained: fedOnes(network.params), detached })
  const second = buildAuxiliary(config, weights, network, isAuxiliaryDetached ? detached.detach : x => x)
  return optimized({ ...joined(network, second), heads: [planes, predictionPlanes(config.head, second.aliases)], detached })
}

const joined = (a: Network, b: TrainedNetwork) => ({
  trained: fedOnes(new Map([...a.params, ...b.params])),
  owners: new Map([...a.owners, ...b.owners]),
  statistics: new Map([...a.statistics, ...b.statistics])
})

/** The fed ones of a network's parameters, by name. */
export const fedOnes = (params: ReadonlyMap<string, Tensor>): Map<string, Tensor> =>
  new Map([...params].filter(([, { source }]) => source.kind === 'input'))

/** Makes a graph over fed parameters faster. */
export const passes = (graph: Graph, trained: ReadonlyMap<string, Tensor>): Graph =>
  optimizeTraining(graph, name => trained.has(name))

function optimized (network: NetworkInTraining): NetworkInTraining {
  const { heads, trained, statistics, detached } = network
  const values = [...heads, ...[...statistics.values()].flatMap(({ mean, variance }) => [mean, variance]), ...detached]
  const graph: Graph = { outputs: new Map(values.map((x, i) => [String(i), x])), owners: network.owners }
  const { outputs, owners = network.owners } = passes(graph, trained)
  const now = new Map(values.map((x, i) => [x, outputs.get(String(i))!]))
  const kept = (x: Tensor): Tensor => now.get(x)!
  return {
    ...network,
    owners,
    heads: heads.map(kept),
    statistics: new Map([...statistics].map(([path, { mean, variance }]) => [path, { mean: kept(mean), variance: kept(variance) }])),
    detached: new Detached([...detached].map(kept))
  }
}
