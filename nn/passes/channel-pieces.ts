import { topologicalOrder } from '../graph.ts'
import { groupBy } from '../group-by.ts'
import type { Node, Tensor } from '../tensor.ts'
import { isConstant, isMap } from './channel-roles.ts'
import type { Routes } from './channel-routes.ts'

/** Channels of a map that are computed together, by their numbers in it. */
export type Piece = readonly number[]

/** A reader of some of a map's channels. A strict one needs exactly these, in their order. */
interface Reader { readonly channels: ReadonlySet<number>, readonly strict: boolean }

/** Cuts maps so that every reader finds its channels as whole pieces. A piece belongs to one map. */
export class Pieces {
  readonly #routes: Routes
  readonly #smallest: number
  readonly #readers = new Map<Tensor, Reader[]>()
  readonly #pieces = new Map<Tensor, readonly Piece[]>()

  /** @param smallest the last channels of a map stay together if they are not more than this */
  constructor (outputs: Iterable<Tensor>, routes: Routes, smallest: number) {
    this.#routes = routes
    this.#smallest = smallest
    for (const node of topologicalOrder(outputs).reverse()) this.#visit(node)
  }

  /** The pieces of a map that computes its channels. */
  of (x: Tensor): readonly Piece[] {
    const pieces = this.#pieces.get(x) ?? this.#cut(x)
    this.#pieces.set(x, pieces)
    return pieces
  }

  /** All readers are strict: additional channels would have to be removed again. */
  isStrict (x: Tensor): boolean { return this.#readersOf(x).every(({ strict }) => strict) }

  /** All readers of a node's outputs are visited before it. */
  #visit (node: Node): void {
    const role = this.#routes.role(node)
    if (role === 'routing') return
    const maps = node.inputs.filter((x): x is Tensor => isMap(x) && !isConstant(x))
    if (role !== 'channelwise') return maps.forEach(x => this.#read(x, channelsOf(x), role === 'opaque'))
    const [y] = node.outputs as [Tensor]
    for (const x of maps) for (const piece of this.of(y)) this.#read(x, piece, this.isStrict(y))
  }

  #read (x: Tensor, piece: Piece, strict: boolean): void {
    const route = this.#routes.of(x)
    const origins = groupBy(piece.map(c => route[c]!), ({ origin }) => origin)
    for (const [origin, channels] of origins) {
      const reader = { channels: new Set(channels.map(({ index }) => index)), strict: strict && origins.size === 1 }
      this.#readers.set(origin, [...this.#readersOf(origin), reader])
    }
  }

  /** Channels with the same readers are one piece, the largest first. */
  #cut (x: Tensor): Piece[] {
    const readers = this.#readersOf(x)
    const signature = (c: number): string => readers.map(({ channels }) => Number(channels.has(c))).join('')
    const groups = [...groupBy(channelsOf(x), signature).values()].sort((a, b) => b.length - a.length)
    const pieces: Piece[] = []
    while (groups.flat().length > this.#smallest) pieces.push(groups.shift()!)
    return groups.length > 0 ? [...pieces, groups.flat()] : pieces
  }

  #readersOf (x: Tensor): readonly Reader[] { return this.#readers.get(x) ?? [] }
}

export const channelsOf = ({ channels }: Tensor): number[] => Array.from({ length: channels }, (_, c) => c)
