/** Which layer an operator's time counts for. */
import { fromOnnx } from '../../nn/onnx/from-onnx.ts'
import type { Node } from '../../nn/tensor.ts'

/** The layer of each operator, by its name in the graph; undefined for those before the first layer. */
export type NodeLayers = ReadonlyMap<string, string | undefined>

/** What passes append to a layer's name: the number of a piece of a convolution, `#0`, or `#bytes` in int8. */
const PART = /#.*$/

/**
 * The layers of a compiled network's operators. An operator with a layer's name counts for this layer. Passes make others: they count for
 * the layer that reads their result, or for the innermost layer around all readers; without one, for the innermost layer around their
 * inputs. Operators before the first convolution convert the image: they count for no layer.
 * @param names of the layers
 */
export function layersOfNodes (onnx: Uint8Array, names: ReadonlySet<string>): NodeLayers {
  const { nodes, taps } = fromOnnx(onnx)
  const nameOf = namesOf(taps)
  const readers = readersOf(nodes)
  const converting = beforeConvolutions(nodes)
  const layers = new Map<Node, string | undefined>()
  const around = (others: readonly Node[]): string | undefined => commonLayer(others.flatMap(node => layers.get(node) ?? []))
  for (const node of nodes.toReversed()) {
    if (converting.has(node)) continue
    const own = nameOf.get(node)!.replace(PART, '')
    layers.set(node, names.has(own) ? own : around(readers.get(node) ?? []))
  }
  for (const node of nodes) if (!converting.has(node)) layers.set(node, layers.get(node) ?? around(inputsOf(node)))
  return new Map(nodes.map(node => [nameOf.get(node)!, layers.get(node)]))
}

/** The layers of an ONNX file's graph are its operators. */
export const ownLayers = (names: ReadonlySet<string>): NodeLayers => new Map([...names].map(name => [name, name]))

/** The compiler names an operator like its first output. */
function namesOf (taps: ReadonlyMap<string, { readonly source: { readonly kind: string } }>): Map<Node, string> {
  const names = new Map<Node, string>()
  for (const [name, { source }] of taps) {
    const { node } = source as unknown as { node: Node }
    if (!names.has(node)) names.set(node, name)
  }
  return names
}

const inputsOf = ({ inputs }: Node): Node[] => inputs.flatMap(x => x?.source.kind === 'node' ? x.source.node : [])

function readersOf (nodes: readonly Node[]): Map<Node, Node[]> {
  const readers = new Map<Node, Node[]>()
  for (const node of nodes) for (const read of inputsOf(node)) readers.set(read, [...readers.get(read) ?? [], node])
  return readers
}

function beforeConvolutions (nodes: readonly Node[]): Set<Node> {
  const before = new Set<Node>()
  for (const node of nodes) if (node.op !== 'Conv' && inputsOf(node).every(input => before.has(input))) before.add(node)
  return before
}

/** The innermost layer around all; undefined if only the whole network is. */
function commonLayer ([first, ...others]: readonly string[]): string | undefined {
  let common = first?.split('.') ?? []
  for (const other of others) {
    const names = other.split('.')
    const end = common.findIndex((name, i) => name !== names[i])
    if (end >= 0) common = common.slice(0, end)
  }
  return common.length > 0 ? common.join('.') : undefined
}
