import { isNumber } from '../../nn/dim.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import type { ElementType, Node, Tensor } from '../../nn/tensor.ts'

const BYTES: Record<ElementType, number> =
  { float32: 4, float64: 8, float16: 2, int64: 8, int32: 4, int8: 1, uint8: 1, bool: 1 }
/** Operators whose output shares the memory of their input. */
const VIEWS = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity'])

/**
 * The most bytes that tensors of a graph take at a time, if each lives from its operator to its last reader, and inputs, constants
 * and outputs all the time. Sizes known only by name count as 1.
 */
export function peakBytes (outputs: Iterable<Tensor>): number {
  const wanted = [...outputs]
  const nodes = topologicalOrder(wanted)
  const last = lastReaders(nodes, wanted)
  const leaves = new Set(nodes.flatMap(({ inputs }) => inputs).filter(x => x !== undefined && x.source.kind !== 'node'))
  let now = sumOf([...leaves] as Tensor[])
  let peak = now
  nodes.forEach((node, i) => {
    now += sumOf(owned(node))
    peak = Math.max(peak, now)
    now -= last.get(i) ?? 0
  })
  return peak
}

/** By a node's place, the bytes that nothing reads after it. */
function lastReaders (nodes: readonly Node[], wanted: readonly Tensor[]): Map<number, number> {
  const lastRead = new Map<Tensor, number>()
  nodes.forEach((node, i) => [...owned(node), ...node.inputs].forEach(x => { if (x) lastRead.set(ownerOf(x), i) }))
  for (const x of wanted) lastRead.delete(ownerOf(x))
  const freed = new Map<number, number>()
  for (const [x, i] of lastRead) if (x.source.kind === 'node') freed.set(i, (freed.get(i) ?? 0) + bytesOf(x))
  return freed
}

/** The tensor whose memory a tensor is in. */
function ownerOf (x: Tensor): Tensor {
  return x.source.kind === 'node' && VIEWS.has(x.source.node.op) ? ownerOf(x.source.node.inputs[0]!) : x
}

const owned = ({ op, outputs }: Node): readonly Tensor[] => VIEWS.has(op) ? [] : outputs

const sumOf = (tensors: readonly Tensor[]): number => tensors.reduce((sum, x) => sum + bytesOf(x), 0)

const bytesOf = ({ shape, type }: Tensor): number => shape.filter(isNumber).reduce((product, size) => product * size, BYTES[type])
