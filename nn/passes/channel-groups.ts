import { topologicalOrder, type Graph } from '../graph.ts'
import type { Node, Tensor } from '../tensor.ts'
import { isConstant, isMap } from './channel-roles.ts'
import { Routes } from './channel-routes.ts'

/** Operators with f(s · x) = s · f(x) for s > 0, channel by channel. */
const HOMOGENEOUS = new Set(['Add', 'AveragePool', 'GlobalAveragePool', 'LeakyRelu', 'MaxPool', 'Relu', 'Resize'])

/**
 * Groups the channels that must be scaled by the same factor: those that go through the same operators, and those that are added. Kernels
 * of convolutions can take up any factor.
 */
export class ChannelGroups {
  readonly #routes = new Routes()
  /** The number of each map's first channel. */
  readonly #starts = new Map<Tensor, number>()
  /** A forest of channels: each root is a group. */
  readonly #parents: number[] = []
  readonly #fixed = new Set<number>()

  constructor ({ outputs }: Graph) {
    for (const node of topologicalOrder(outputs.values())) this.#visit(node)
  }

  /** The group of each channel of a map; undefined if it can't be scaled. */
  of (x: Tensor): Array<number | undefined> {
    return this.#channels(x).map(channel => this.#root(channel)).map(root => this.#fixed.has(root) ? undefined : root)
  }

  #visit (node: Node): void {
    const role = this.#routes.role(node)
    if (role === 'routing' || (node.op === 'Conv' && role !== 'opaque')) return
    const maps = [...node.inputs, ...node.outputs].filter((x): x is Tensor => isMap(x))
    if (role === 'channelwise' && HOMOGENEOUS.has(node.op) && !maps.some(isConstant)) this.#unite(maps.map(x => this.#channels(x)))
    else for (const channel of maps.filter(x => !isConstant(x)).flatMap(x => this.#channels(x))) this.#fixed.add(this.#root(channel))
  }

  #unite ([first, ...others]: ReadonlyArray<readonly number[]>): void {
    for (const [i, channel] of others.flat().entries()) {
      const [root, kept] = [this.#root(channel), this.#root(first![i % first!.length]!)]
      this.#parents[root] = kept
      if (this.#fixed.has(root)) this.#fixed.add(kept)
    }
  }

  #channels (x: Tensor): number[] { return this.#routes.of(x).map(({ origin, index }) => this.#startOf(origin) + index) }

  #startOf (x: Tensor): number {
    const known = this.#starts.get(x)
    if (known !== undefined) return known
    const start = this.#parents.length
    for (let c = start; c < start + x.channels; c++) {
      this.#parents.push(c)
      if (x.source.kind !== 'node') this.#fixed.add(c)
    }
    this.#starts.set(x, start)
    return start
  }

  #root (channel: number): number {
    const parent = this.#parents[channel]!
    if (parent === channel) return channel
    const root = this.#root(parent)
    this.#parents[channel] = root
    return root
  }
}
