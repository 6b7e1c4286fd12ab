import type { Node, Tensor } from './tensor.ts'

/** A network as a whole: what it computes, and what is to be said of it. Passes turn one into another. */
export interface Graph {
  /** Outputs by name, in order. The inputs are found by walking back from them. */
  readonly outputs: ReadonlyMap<string, Tensor>
  /** Names for tensors inside, as viewers show them. Where an output has the same name, the output keeps it. */
  readonly names?: ReadonlyMap<string, Tensor>
  /** The version of the operators that the nodes are meant in: 17 where it is left out, as nn/ops.ts writes them. */
  readonly opset?: number
  /** What is to be said of the model beside its graph (ONNX's metadata_props). */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * The nodes that tensors depend on, each after all those it reads from. It does not recurse: graphs from elsewhere may
 * be deep.
 */
export function topologicalOrder (tensors: Iterable<Tensor>): Node[] {
  const ordered = new Set<Node>()
  const path: Array<{ node: Node, inputs: Iterator<Tensor | undefined> }> = []
  const enter = (x: Tensor | undefined): void => {
    if (x?.source.kind !== 'node' || ordered.has(x.source.node)) return
    const { node } = x.source
    path.push({ node, inputs: node.inputs.values() })
  }
  for (const x of tensors) {
    enter(x)
    for (let last = path.at(-1); last; last = path.at(-1)) {
      const next = last.inputs.next()
      if (!next.done) enter(next.value)
      else ordered.add(path.pop()!.node)
    }
  }
  return [...ordered]
}

/** The same mapping with other tensors under its names. */
export const mapTensors = (tensors: ReadonlyMap<string, Tensor>, change: (x: Tensor) => Tensor): Map<string, Tensor> =>
  new Map([...tensors].map(([name, x]) => [name, change(x)]))
