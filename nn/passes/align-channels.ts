import { mapTensors, type Graph } from '../graph.ts'
import type { Node, Tensor } from '../tensor.ts'
import { BLOCK, entriesOf, inOrder, join, NONE, pack, padded, type Arranged } from './arranged.ts'
import { channelsOf, Pieces, type Piece } from './channel-pieces.ts'
import { isConstant, isMap } from './channel-roles.ts'
import { Routes } from './channel-routes.ts'
import { remake } from './rewrite.ts'

/**
 * Lays channels where they are read. A shuffle is not computed: convolutions are cut into pieces of channels that go the same way, readers
 * take whole pieces, and their kernels are put in that order. Pieces are filled up to whole blocks, so that nothing between convolutions
 * leaves onnxruntime's blocked layout. Outputs get their own order back.
 */
export function alignChannels (graph: Graph): Graph {
  const alignment = new Alignment(graph.outputs.values())
  const outputs = mapTensors(graph.outputs, x => alignment.whole(x))
  return { ...graph, outputs, names: alignment.names(graph.names ?? new Map()) }
}

class Alignment {
  readonly #routes = new Routes()
  readonly #pieces: Pieces
  readonly #made = new Map<Piece, Arranged>()
  /** The parts of a map that are read: one of a reader's pieces, or the whole map. */
  readonly #read = new Map<Tensor, Map<Piece | undefined, Arranged>>()
  readonly #opaque = new Map<Node, Node>()

  constructor (outputs: Iterable<Tensor>) {
    this.#pieces = new Pieces(outputs, this.#routes, BLOCK)
  }

  /** The same tensor in the new graph. */
  whole (x: Tensor): Tensor {
    return isMap(x) ? inOrder(this.#arrange(x), channelsOf(x)) : this.#remake(x)
  }

  /** The names of maps in one piece, and of pieces: `name#0`, `name#1` … */
  names (names: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
    return new Map([...names].filter(([, x]) => isMap(x)).flatMap(([name, x]) => {
      const made = this.#pieces.of(x).map(piece => this.#made.get(piece))
      return made.flatMap((part, i) => part ? [[made.length === 1 ? name : `${name}#${i}`, part.tensor] as const] : [])
    }))
  }

  /** The channels of a piece or more, in any order. */
  #arrange (x: Tensor, piece?: Piece): Arranged {
    const known = this.#read.get(x) ?? new Map<Piece | undefined, Arranged>()
    this.#read.set(x, known)
    const arranged = known.get(piece) ?? this.#assemble(x, piece ?? channelsOf(x))
    known.set(piece, arranged)
    return arranged
  }

  #assemble (x: Tensor, wanted: Piece): Arranged {
    const parts = [...this.#numbersByOrigin(x, wanted)].flatMap(([origin, numbers]) => {
      const pieces = this.#pieces.of(origin).filter(piece => piece.some(index => numbers.has(index)))
      const made = pieces.map(piece => this.#make(origin, piece))
      return made.map(({ tensor, channels }) => ({ tensor, channels: channels.map(index => numbers.get(index) ?? NONE) }))
    })
    return join(pack(parts))
  }

  /** For each source map of x's channels: the channels' numbers in x, by their numbers in the source. */
  #numbersByOrigin (x: Tensor, wanted: Piece): Map<Tensor, Map<number, number>> {
    const route = this.#routes.of(x)
    const byOrigin = new Map<Tensor, Map<number, number>>()
    for (const c of wanted) {
      const { origin, index } = route[c]!
      byOrigin.set(origin, (byOrigin.get(origin) ?? new Map<number, number>()).set(index, c))
    }
    return byOrigin
  }

  #make (x: Tensor, piece: Piece): Arranged {
    const made = this.#made.get(piece) ?? this.#compute(x, piece)
    this.#made.set(piece, made)
    return made
  }

  #compute (x: Tensor, piece: Piece): Arranged {
    const role = x.source.kind === 'node' ? this.#routes.role(x.source.node) : 'opaque'
    if (role === 'dense') return this.#convolve(x, piece)
    if (role === 'channelwise') return this.#apply(x, piece)
    return { tensor: inOrder({ tensor: this.#remake(x), channels: channelsOf(x) }, piece), channels: piece }
  }

  #convolve (y: Tensor, piece: Piece): Arranged {
    const node = nodeOf(y)
    const [x, weight, bias] = node.inputs as [Tensor, Tensor, Tensor?]
    const read = this.#arrange(x)
    const channels = this.#pieces.isStrict(y) ? piece : padded(piece)
    const kernel = entriesOf(entriesOf(weight, channels, 0), read.channels, 1)
    return { tensor: over(node, [read.tensor, kernel, bias && entriesOf(bias, channels, 0)], channels.length), channels }
  }

  #apply (y: Tensor, piece: Piece): Arranged {
    const node = nodeOf(y)
    const read = new Map(node.inputs.filter(x => isMap(x) && !isConstant(x)).map(x => [x!, this.#arrange(x!, piece)]))
    const orders = [...read.values()].map(({ channels }) => channels)
    const order = orders.every(other => other.join() === orders[0]!.join()) ? orders[0]! : piece
    const inputs = node.inputs.map(x => x && (read.has(x) ? inOrder(read.get(x)!, order) : parameter(node, x, order)))
    return { tensor: over(node, inputs, order.length), channels: order }
  }

  #remake (x: Tensor): Tensor {
    if (x.source.kind !== 'node') return x
    const { node } = x.source
    const made = this.#opaque.get(node) ?? remake(node, node.inputs.map(x => x && this.whole(x)))
    this.#opaque.set(node, made)
    return made.outputs[node.outputs.indexOf(x)]!
  }
}

const nodeOf = (x: Tensor): Node => (x.source as Extract<Tensor['source'], { kind: 'node' }>).node

/** The operator with another number of channels. */
function over (node: Node, inputs: Node['inputs'], channels: number): Tensor {
  const isDepthwise = node.op === 'Conv' && node.attributes['group'] !== 1
  const attributes = isDepthwise ? { ...node.attributes, group: channels } : node.attributes
  return remake({ ...node, attributes }, inputs, [node.outputs[0]!.shape.with(1, channels)]).outputs[0]!
}

/** The entries of a channelwise operator's constant for the given channels. */
function parameter ({ op }: Node, x: Tensor, channels: readonly number[]): Tensor {
  if (op === 'Conv' || op === 'BatchNormalization') return entriesOf(x, channels, 0)
  return isMap(x) ? entriesOf(x, channels, 1) : x
}
