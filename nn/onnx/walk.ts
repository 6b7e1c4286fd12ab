import type { Node, Tensor } from '../tensor.ts'

/** The nodes that tensors depend on, each behind all those it reads from. */
export function nodesBehind (tensors: Iterable<Tensor>): Node[] {
  const ordered = new Set<Node>()
  const visit = (x: Tensor | undefined): void => {
    if (x?.source.kind !== 'node' || ordered.has(x.source.node)) return
    const { node } = x.source
    node.inputs.forEach(visit)
    ordered.add(node)
  }
  for (const x of tensors) visit(x)
  return [...ordered]
}
