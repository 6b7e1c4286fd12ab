import { NetworkError } from '../errors.ts'
import { type Graph } from '../graph.ts'
import * as op from '../ops.ts'
import { floats, type Node, type Tensor } from '../tensor.ts'
import { ChannelGroups } from './channel-groups.ts'
import { isMap } from './channel-roles.ts'
import { constantOf, remake, rewrite, type Pass } from './rewrite.ts'

/** A positive factor for each channel of a convolution's output, by the name of the output. */
export type ChannelFactors = Readonly<Record<string, readonly number[]>>

/**
 * Divides channels by factors, and multiplies the kernels that read them: cross-layer equalization (Nagel et al.,
 * https://arxiv.org/abs/1906.04721). So channels that are stored in steps of the same size can have similar ranges. Outputs keep their
 * values. Batch norms must be folded.
 * @throws NetworkError naming the value that the factors do not fit
 */
export const equalizeChannels = (factors: ChannelFactors): Pass => graph => {
  const equalization = new Equalization(graph, factors)
  const { outputs, ...rewritten } = rewrite(graph, (node, original) => equalization.scaled(node, original))
  return { ...rewritten, outputs: new Map([...outputs].map(([name, x]) => [name, equalization.restored(x, graph.outputs.get(name)!)])) }
}

class Equalization {
  readonly #groups: ChannelGroups
  readonly #factors = new Map<number, number>()

  constructor (graph: Graph, factors: ChannelFactors) {
    this.#groups = new ChannelGroups(graph)
    for (const [name, values] of Object.entries(factors)) this.#take(name, graph.names?.get(name), values)
  }

  /** A convolution of divided channels, to divided channels. */
  scaled (node: Node, { op, inputs, outputs }: Node): Tensor | undefined {
    const weight = op === 'Conv' && isMap(outputs[0]) ? node.inputs[1] : undefined
    const kernel = constantOf(weight)
    if (!weight || !kernel) return
    const [read, written] = [this.#of(inputs[0]!), this.#of(outputs[0]!)]
    if ([...read, ...written].every(factor => factor === 1)) return
    const [depth, size] = [weight.channels, kernel.length / written.length / weight.channels]
    const isDepthwise = node.attributes['group'] !== 1
    const data = kernel.map((value, i) => {
      const c = Math.floor(i / size / depth)
      return value * read[isDepthwise ? c : Math.floor(i / size) % depth]! / written[c]!
    })
    const bias = constantOf(node.inputs[2])?.map((value, c) => value / written[c]!)
    const biases = bias && floats([bias.length], bias)
    return remake(node, [node.inputs[0], floats(weight.shape, data), biases]).outputs[0]!
  }

  /** An output with the values that it had. */
  restored (x: Tensor, original: Tensor): Tensor {
    const factors = isMap(original) ? this.#of(original) : []
    return factors.every(factor => factor === 1) ? x : op.mul(x, floats([1, factors.length, 1, 1], Float32Array.from(factors)))
  }

  #of (x: Tensor): number[] { return this.#groups.of(x).map(group => this.#factors.get(group!) ?? 1) }

  #take (name: string, x: Tensor | undefined, values: readonly number[]): void {
    const groups = isMap(x) ? this.#groups.of(x!) : []
    const isFitting = groups.length === values.length && groups.every((group, c) => this.#accept(group, values[c]!))
    if (!isFitting) throw new NetworkError(`int8: no such channels: ${name}; the calibration table belongs to another model or version`)
  }

  #accept (group: number | undefined, value: number): boolean {
    if (group === undefined) return value === 1
    const known = this.#factors.get(group) ?? value
    this.#factors.set(group, known)
    return known === value
  }
}
