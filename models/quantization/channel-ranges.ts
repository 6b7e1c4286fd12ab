import { optimize } from '../../nn/passes/optimize.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import { toOnnx } from '../../nn/onnx/to-onnx.ts'
import { ChannelGroups } from '../../nn/passes/channel-groups.ts'
import type { ChannelFactors } from '../../nn/passes/equalize-channels.ts'
import { foldBatchNorms } from '../../nn/passes/fold-batch-norms.ts'
import type { Weights } from '../../nn/scope.ts'
import type { Tensor } from '../../nn/tensor.ts'
import type { ModelConfig } from '../config.ts'
import { graphOnPixels } from '../network.ts'

/** Channels below this range hardly matter, and would get huge kernels. */
const SMALLEST = 1e-6

/** Observes the channels that convolutions compute, and makes the factors that equalize them. */
export class ChannelRanges {
  /** The network with the output of every convolution that can be scaled: uint8 `[1, H, W, 3]` RGB → what `observe` takes. */
  readonly onnx: Uint8Array
  readonly #groups: ReadonlyMap<string, ReadonlyArray<number | undefined>>
  /** By group: the largest magnitude of its channels. */
  readonly #largest = new Map<number, number>()

  /** @throws NetworkError if the weights do not fit the config */
  constructor (config: ModelConfig, weights: Weights) {
    const graph = optimize(graphOnPixels(config, weights), [foldBatchNorms])
    const groups = new ChannelGroups(graph)
    const names = new Map<Tensor, string>([...graph.names!].map(([name, x]) => [x, name]))
    const computed = topologicalOrder(graph.outputs.values()).filter(({ op }) => op === 'Conv').flatMap(({ outputs }) => outputs)
    const observed = computed.filter(x => names.has(x) && groups.of(x).some(group => group !== undefined))
    this.onnx = toOnnx({ outputs: new Map(observed.map(x => [names.get(x)!, x])) })
    this.#groups = new Map(observed.map(x => [names.get(x)!, groups.of(x)]))
  }

  /** Takes one photo's values into account. */
  observe (outputs: Readonly<Record<string, { readonly data: Float32Array }>>): void {
    for (const [name, groups] of this.#groups) {
      const { data } = outputs[name]!
      const size = data.length / groups.length
      for (const [c, group] of groups.entries()) {
        if (group === undefined) continue
        const channel = data.subarray(c * size, (c + 1) * size)
        this.#largest.set(group, channel.reduce((max, value) => Math.max(max, Math.abs(value)), this.#largest.get(group) ?? SMALLEST))
      }
    }
  }

  /**
   * The square root of each range: half of the differences between channels moves to the kernels. (SmoothQuant, https://arxiv.org/abs/2211.10438,
   * with an exponent of 1/2.) Two significant digits.
   */
  get factors (): ChannelFactors {
    const factorOf = (group: number | undefined): number =>
      group === undefined ? 1 : Number(Math.sqrt(this.#largest.get(group)!).toPrecision(2))
    return Object.fromEntries([...this.#groups].map(([name, groups]) => [name, groups.map(factorOf)]))
  }
}
