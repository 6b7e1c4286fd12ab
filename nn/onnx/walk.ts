import type { Node, Tensor } from '../tensor.ts'

/** The nodes that tensors depend on, each behind all those it reads from. It does not recurse: graphs from elsewhere may be deep. */
export function nodesBehind (tensors: Iterable<Tensor>): Node[] {
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
