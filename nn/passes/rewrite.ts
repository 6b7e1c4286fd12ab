import type { Shape } from '../dim.ts'
import { mapTensors, topologicalOrder, type Graph } from '../graph.ts'
import { Tensor, type Node } from '../tensor.ts'

/** A rewrite of a graph that keeps every output's name, shape and values (except the last bits). */
export type Pass = (graph: Graph) => Graph

/**
 * The replacement of a node's only output; undefined if the node stays. The node's inputs are already rewritten; `original` is
 * the node as it is in the graph.
 */
export type Rule = (node: Node, original: Node) => Tensor | undefined

/**
 * Applies a rule to every node, each after its inputs. Nodes that a rule bypasses stay in the graph if something else reads them:
 * an inner output keeps its values.
 */
export function rewrite (graph: Graph, rule: Rule): Graph {
  const rewritten = new Map<Tensor, Tensor>()
  const now = (x: Tensor): Tensor => rewritten.get(x) ?? x
  for (const node of topologicalOrder(graph.outputs.values())) {
    const inputs = node.inputs.map(x => x && now(x))
    const kept = inputs.every((x, i) => x === node.inputs[i]) ? node : remake(node, inputs)
    const replaced = rule(kept, node)
    node.outputs.forEach((x, i) => rewritten.set(x, replaced ?? kept.outputs[i]!))
  }
  return mapGraph(graph, now)
}

/** A graph with other tensors; operators keep the owners of those that they replace. */
export function mapGraph (graph: Graph, change: (x: Tensor) => Tensor): Graph {
  const outputs = mapTensors(graph.outputs, change)
  const names = mapTensors(graph.names ?? new Map(), change)
  return { ...graph, outputs, names, ...(graph.owners && { owners: mapOwners(graph.owners, change) }) }
}

function mapOwners (owners: ReadonlyMap<Node, string>, change: (x: Tensor) => Tensor): Map<Node, string> {
  return new Map([...owners].flatMap(([node, owner]) => {
    const { source } = change(node.outputs[0]!)
    return source.kind === 'node' ? [[source.node, owner] as const] : []
  }))
}

/** The same operator over other inputs. */
export function remake ({ op, attributes, outputs }: Node, inputs: Node['inputs'], shapes: readonly Shape[] = outputs.map(x => x.shape)): Node {
  const made: Node & { outputs: Tensor[] } = { op, inputs, attributes, outputs: [] }
  made.outputs.push(...shapes.map((shape, i) => new Tensor(shape, outputs[i]!.type, { kind: 'node', node: made })))
  return made
}

/** The node that produces a tensor, if it has the given operator. */
export function madeBy (op: string, x: Tensor | undefined): Node | undefined {
  return x?.source.kind === 'node' && x.source.node.op === op ? x.source.node : undefined
}

/** The values of a constant; undefined if the tensor is computed or fed. */
export function constantOf (x: Tensor | undefined): Float32Array | undefined {
  return x?.source.kind === 'constant' && x.source.data instanceof Float32Array ? x.source.data : undefined
}
