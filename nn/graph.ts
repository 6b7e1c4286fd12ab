import type { Node, Tensor } from './tensor.ts'

/** A whole network: its outputs and its metadata. Passes turn one into another. */
export interface Graph {
  /** Outputs by name, in order. The inputs are found by walking back from them. */
  readonly outputs: ReadonlyMap<string, Tensor>
  /** Names of inner tensors, as viewers show them. An output keeps its name if an inner tensor has the same. */
  readonly names?: ReadonlyMap<string, Tensor>
  /** The path of the layer that applied each operator: `scope.owners`. Passes for training keep it. */
  readonly owners?: ReadonlyMap<Node, string>
  /** Opset of the nodes; by default 17, which nn/ops.ts writes. */
  readonly opset?: number
  /** Metadata of the model (ONNX's metadata_props). */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * The nodes that tensors depend on, each after its inputs. It does not recurse, because imported graphs may
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

/** The same names with other tensors. */
export const mapTensors = (tensors: ReadonlyMap<string, Tensor>, change: (x: Tensor) => Tensor): Map<string, Tensor> =>
  new Map([...tensors].map(([name, x]) => [name, change(x)]))
