import type { Dim } from '../dim.ts'
import { mapTensors, topologicalOrder, type Graph } from '../graph.ts'
import { nodes } from '../node.ts'
import * as op from '../ops.ts'
import type { Node, Tensor } from '../tensor.ts'

/**
 * Writes channel shuffles as PyTorch's exporter does: Reshape, Transpose, Reshape. A single Gather is faster, but some readers of ONNX
 * support Gather with one index only (OpenCV 4.6). All sizes must be known.
 */
export function spellOutShuffles (graph: Graph): Graph {
  const made = new Map<Tensor, Tensor>()
  const current = (x: Tensor): Tensor => made.get(x) ?? x
  for (const old of topologicalOrder(graph.outputs.values())) {
    const inputs = old.inputs.map(x => x && current(x))
    const remade = spellOut(old, inputs[0]) ?? nodes(old.op, inputs, old.outputs.map(({ shape, type }) => [shape, type]), old.attributes)
    old.outputs.forEach((x, i) => made.set(x, remade[i]!))
  }
  return { ...graph, outputs: mapTensors(graph.outputs, current), names: mapTensors(graph.names ?? new Map(), current) }
}

/** @returns undefined if the node is not a channel shuffle */
function spellOut ({ op: type, inputs, attributes }: Node, x: Tensor | undefined): Tensor[] | undefined {
  const groups = type === 'Gather' && attributes['axis'] === 1 ? groupsOf(inputs[1]!, x!.dim(1)) : undefined
  if (x === undefined || groups === undefined) return undefined
  const [n, c, h, w] = x.shape as readonly [number, number, number, number]
  const grouped = op.reshape(x, [n, groups, c / groups, h * w])
  return [op.reshape(op.transpose(grouped, [0, 2, 1, 3]), [n, c, h, w])]
}

/** The number of groups of a shuffle with these indices. Its second output is the second group's first channel. */
function groupsOf ({ source }: Tensor, channels: Dim): number | undefined {
  const indices = source.kind === 'constant' ? Array.from(source.data, Number) : []
  const perGroup = indices[1] ?? NaN
  const groups = indices.length / perGroup
  const isShuffle = indices.length === channels && groups > 1 && Number.isInteger(groups) &&
    indices.every((index, c) => index === (c % groups) * perGroup + Math.floor(c / groups))
  return isShuffle ? groups : undefined
}
