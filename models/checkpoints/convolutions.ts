import type { Node, Tensor } from '../../nn/tensor.ts'

/** A convolution of a graph. */
export interface Convolution {
  readonly weight: Tensor
  readonly bias: Tensor | undefined
  /** The convolutions whose results it reads through other operators, and the number of paths. */
  readonly sources: Sources
}
export type Sources = ReadonlyMap<Node, number>

const NONE: Sources = new Map()

/**
 * The convolutions among nodes in execution order. A product counts the paths through its factors once, so that an activation like
 * x·sigmoid(x) looks the same as one operator or as several.
 */
export function convolutionsOf (nodes: readonly Node[]): Map<Node, Convolution> {
  const found = new Map<Node, Convolution>()
  const sourcesOf = new Map<Tensor, Sources>()
  for (const node of nodes) {
    const sources = node.op === 'Shape' ? NONE : join(node, sourcesOf) // sizes carry no data
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

/** Exporters write the second of two equal constants as an Identity of the first. */
function withoutIdentities (x: Tensor): Tensor {
  let first = x
  while (first.source.kind === 'node' && first.source.node.op === 'Identity' && first.source.node.inputs[0]) {
    first = first.source.node.inputs[0]
  }
  return first
}
