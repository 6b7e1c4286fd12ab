import type { Node, Tensor } from '../../nn/tensor.ts'

/** A convolution of a graph. */
export interface Convolution {
  readonly weight: Tensor
  readonly bias: Tensor | undefined
  /** The convolutions whose results it reads, whatever lies between, and on how many ways. */
  readonly sources: Sources
}
export type Sources = ReadonlyMap<Node, number>

const NONE: Sources = new Map()

/**
 * The convolutions among nodes that stand in the order of computing. A product counts its factors' ways once and not twice, so that an
 * activation like x·sigmoid(x) is the same whether it is one operator or several.
 */
export function convolutionsOf (nodes: readonly Node[]): Map<Node, Convolution> {
  const found = new Map<Node, Convolution>()
  const sourcesOf = new Map<Tensor, Sources>()
  for (const node of nodes) {
    const sources = node.op === 'Shape' ? NONE : join(node, sourcesOf) // sizes are no figures
    const [, weight, bias] = node.inputs
    if (node.op === 'Conv' && weight) found.set(node, { weight: withoutIdentities(weight), bias: bias && withoutIdentities(bias), sources })
    for (const x of node.outputs) sourcesOf.set(x, node.op === 'Conv' ? new Map([[node, 1]]) : sources)
  }
  return found
}

function join ({ op, inputs }: Node, sourcesOf: ReadonlyMap<Tensor, Sources>): Sources {
  const joined = new Map<Node, number>()
  for (const x of inputs) {
    for (const [node, ways] of (x && sourcesOf.get(x)) ?? NONE) {
      const before = joined.get(node) ?? 0
      joined.set(node, op === 'Mul' ? Math.max(before, ways) : before + ways)
    }
  }
  return joined
}

/** Exporters write one of two equal constants as an Identity of the other. */
function withoutIdentities (x: Tensor): Tensor {
  return x.source.kind === 'node' && x.source.node.op === 'Identity' ? withoutIdentities(x.source.node.inputs[0]!) : x
}
