import { topologicalOrder, type Graph } from '../graph.ts'
import type { Node, Tensor } from '../tensor.ts'
import { optimize } from './optimize.ts'
import { mapGraph, remake, type Pass } from './rewrite.ts'

/**
 * Optimizes the part of a graph that depends on no fed parameter: a frozen stem or backbone. Its weights are constants, so that it can get
 * what a served network gets. The rest stays as it is.
 * @param isFed whether an input is a parameter, by its name
 */
export function optimizeFrozen (graph: Graph, isFed: (name: string) => boolean, passes?: readonly Pass[]): Graph {
  const nodes = topologicalOrder(graph.outputs.values())
  const dependent = dependentOn(isFed, nodes)
  const frozen = [...frozenValues(graph, nodes, dependent)]
  const { outputs } = optimize({ outputs: new Map(frozen.map((x, i) => [String(i), x])) }, passes)
  const current = new Map(frozen.map((x, i) => [x, outputs.get(String(i))!]))
  const now = (x: Tensor): Tensor => current.get(x) ?? x
  for (const node of nodes.filter(({ outputs: [y] }) => dependent.has(y!))) {
    const remade = remake(node, node.inputs.map(x => x && now(x)))
    node.outputs.forEach((x, i) => current.set(x, remade.outputs[i]!))
  }
  return mapGraph(graph, now)
}

function dependentOn (isFed: (name: string) => boolean, nodes: readonly Node[]): Set<Tensor> {
  const dependent = new Set<Tensor>()
  const depends = (x: Tensor | undefined): boolean =>
    x !== undefined && (dependent.has(x) || (x.source.kind === 'input' && isFed(x.source.name)))
  for (const { inputs, outputs } of nodes) if (inputs.some(depends)) outputs.forEach(x => dependent.add(x))
  return dependent
}

/** The computed values of the frozen part that the rest reads, and those that are outputs. */
function frozenValues (graph: Graph, nodes: readonly Node[], dependent: ReadonlySet<Tensor>): Set<Tensor> {
  const read = nodes.filter(({ outputs: [y] }) => dependent.has(y!)).flatMap(({ inputs }) => inputs)
  return new Set([...read, ...graph.outputs.values()].filter(x => x?.source.kind === 'node' && !dependent.has(x)) as Tensor[])
}
