/** Gradients of whole networks with respect to all their trained parameters. */
import type { Test } from 'tap'
import { buildNetwork } from '../../models/network.ts'
import type { ModelConfig } from '../../models/config.ts'
import { gradients } from '../../nn/gradients/gradients.ts'
import { Scope, type Layer, type Weights } from '../../nn/scope.ts'
import { input, type Node, type Tensor } from '../../nn/tensor.ts'
import { checkGradients, type Accuracy } from './gradient-check.ts'
import { seededWeights } from './seeded.ts'

/** Parameters that share a direction: few enough that a wrong gradient of one of them is far above the tolerance. */
const TOGETHER = 20

/** The least size at which every level has a cell. */
export const SIZE = 32

export interface TrainedNetwork {
  readonly output: Tensor
  readonly params: ReadonlyMap<string, Tensor>
  readonly owners: ReadonlyMap<Node, string>
}

export interface TrainedOptions {
  /** Photos of the batch. */
  readonly batch?: number
  readonly size?: number
  readonly batchStatistics?: boolean
  /** Factor of the kernels: networks without norms need more than the seeded ones for signals that neither vanish nor explode. */
  readonly gain?: number
}

const isTrained = (name: string): boolean => !/running_(mean|var)$/.test(name)

/** Seeded weights that are fed, running statistics excepted. */
function fedWeights ({ batchStatistics = false, gain = 1 }: TrainedOptions): Weights {
  return {
    folded: false,
    get: (name, shape) => shape.length < 4 ? seededWeights.get(name, shape) : seededWeights.get(name, shape).map(value => gain * value),
    isFed: isTrained,
    usesBatchStatistics: () => batchStatistics
  }
}

/** A detector with three classes over normalized images. */
export function trainedDetector (config: ModelConfig, options: TrainedOptions = {}): TrainedNetwork {
  const { batch = 2, size = SIZE } = options
  const small = { ...config, input: { width: size, height: size }, labels: ['a', 'b', 'c'] }
  const { predictions, params, owners } = buildNetwork(small, fedWeights(options), input('image', [batch, 3, size, size]))
  return { output: predictions, params, owners }
}

/** A layer over normalized images. */
export function trainedLayer (layer: Layer, options: TrainedOptions = {}): TrainedNetwork {
  const { batch = 2, size = SIZE } = options
  const scope = Scope.root(fedWeights(options))
  const output = layer(input('image', [batch, 3, size, size]), scope)
  return { output, params: scope.params, owners: scope.owners }
}

const trainedParams = ({ params }: TrainedNetwork): Record<string, Tensor> =>
  Object.fromEntries([...params].filter(([name]) => isTrained(name)))

/** The gradients with respect to all trained parameters, by name. */
export function gradientsOf (network: TrainedNetwork): Map<string, Tensor> {
  const { output, owners } = network
  const wrt = trainedParams(network)
  const found = gradients([output], [input('g', output.shape)], Object.values(wrt), { owners })
  return new Map(Object.keys(wrt).map((name, i) => [name, found[i]!]))
}

/** Holds these gradients against differences. @param zeros names of the parameters whose gradient is zero */
export async function checkNetwork (
  t: Test, network: TrainedNetwork, options: TrainedOptions & { readonly zeros?: RegExp } = {}
): Promise<Accuracy> {
  const { output, owners } = network
  const wrt = trainedParams(network)
  const { get } = fedWeights(options)
  return await checkGradients(t, [output], wrt, {
    owners,
    feeds: Object.fromEntries(Object.entries(wrt).map(([name, { shape }]) => [name, get(name, shape)])),
    zeros: Object.keys(wrt).filter(name => options.zeros?.test(name)),
    entries: 0,
    together: TOGETHER
  })
}
