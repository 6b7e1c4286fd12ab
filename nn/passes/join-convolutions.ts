import { topologicalOrder } from '../graph.ts'
import { groupBy } from '../group-by.ts'
import * as op from '../ops.ts'
import { floats, type Node, type Tensor } from '../tensor.ts'
import { constantOf, madeBy, remake, rewrite, type Pass } from './rewrite.ts'

/** A dense convolution and the leaky ReLU that alone reads it. */
interface Pair { readonly conv: Node, readonly act: Node }

/**
 * Convolutions that read the same map, each with a leaky ReLU, become one whose output is split. In int8 that is faster: each would have to
 * lay out the map for itself, and a small one spends most of its time on that.
 */
export const joinConvolutions: Pass = graph => {
  const nodes = topologicalOrder(graph.outputs.values())
  const siblings = siblingsIn(nodes, new Set(graph.outputs.values()))
  const nameOf = new Map([...graph.names ?? []].map(([name, x]) => [x, name]))
  const made = new Map<readonly Pair[], readonly Tensor[]>()
  const names: Array<[string, Tensor]> = []
  const rewritten = rewrite(graph, (node, original) => {
    const pairs = siblings.get(original)
    if (!pairs) return
    const joined = made.get(pairs) ?? join(pairs, madeBy('Conv', node.inputs[0])!.inputs[0]!, (of, x) => names.push([stem(nameOf.get(of)), x]))
    made.set(pairs, joined)
    return joined[pairs.findIndex(({ act }) => act === original)]
  })
  return { ...rewritten, names: new Map([...rewritten.names ?? [], ...names.filter(([name]) => name !== '')]) }
}

/** The pairs that are computed together, by activation; two or more each. */
function siblingsIn (nodes: readonly Node[], outputs: ReadonlySet<Tensor>): Map<Node, readonly Pair[]> {
  const readers = new Map<Tensor, number>()
  for (const x of nodes.flatMap(({ inputs }) => inputs)) if (x) readers.set(x, (readers.get(x) ?? 0) + 1)
  const isAlone = ({ conv: { outputs: [y] } }: Pair): boolean => readers.get(y!) === 1 && !outputs.has(y!)
  const byInput = groupBy(nodes.flatMap(pairWith).filter(isAlone), ({ conv }) => conv.inputs[0]!)
  const attributes = ({ conv, act }: Pair): string => JSON.stringify([conv.attributes, act.attributes])
  const groups = [...byInput.values()].flatMap(pairs => [...groupBy(pairs, attributes).values()]).filter(pairs => pairs.length > 1)
  return new Map(groups.flatMap(pairs => pairs.map(({ act }) => [act, pairs] as const)))
}

/** An activation with the dense convolution that it reads, if it has one. */
function pairWith (act: Node): Pair[] {
  const conv = act.op === 'LeakyRelu' ? madeBy('Conv', act.inputs[0]) : undefined
  return conv?.attributes['group'] === 1 && constantOf(conv.inputs[1]) && constantOf(conv.inputs[2]) ? [{ conv, act }] : []
}

/** @param onMade receives what replaces the pieces of a value @returns the original of each activation */
function join (pairs: readonly Pair[], x: Tensor, onMade: (of: Tensor, joined: Tensor) => void): readonly Tensor[] {
  const [{ conv, act }] = pairs as [Pair]
  const sizes = pairs.map(({ conv: { outputs: [y] } }) => y!.channels)
  const [weight, bias] = [1, 2].map(i => stack(pairs.map(({ conv: { inputs } }) => inputs[i]!)))
  const shape = conv.outputs[0]!.shape.with(1, weight!.dim(0))
  const convolved = remake(conv, [x, weight, bias], [shape]).outputs[0]!
  const activated = remake(act, [convolved], [shape]).outputs[0]!
  onMade(conv.outputs[0]!, convolved)
  onMade(act.outputs[0]!, activated)
  return op.split(activated, sizes)
}

/** Concatenates constants along their first axis. */
function stack (constants: readonly Tensor[]): Tensor {
  const data = constants.flatMap(x => [...constantOf(x)!])
  const first = constants[0]!.shape
  return floats(first.with(0, constants.reduce((total, x) => total + Number(x.dim(0)), 0)), Float32Array.from(data))
}

/** A piece `name#2` is of `name`. */
const stem = (name = ''): string => name.replace(/#\d+$/, '')
