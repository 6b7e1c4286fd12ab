import { isNumber } from '../dim.ts'
import * as op from '../ops.ts'
import type { Node, Tensor } from '../tensor.ts'
import { madeBy, rewrite, type Pass } from './rewrite.ts'

/**
 * Shuffles channels of concatenated maps while they are joined: a concatenation along a new axis after the channels interleaves them. It
 * copies once, not twice, and its gradient does too. All sizes must be known.
 */
export const interleaveByConcat: Pass = graph => rewrite(graph, gather => {
  const joined = gather.op === 'Gather' && gather.attributes['axis'] === 1 ? madeBy('Concat', gather.inputs[0]) : undefined
  if (joined?.attributes['axis'] !== 1 || !interleaves(gather, joined)) return
  const maps = joined.inputs as Tensor[]
  const [n, c, ...sizes] = maps[0]!.shape as [number, number, ...number[]]
  const stacked = op.concat(maps.map(x => op.reshape(x, [n, c, 1, ...sizes])), 2)
  return op.reshape(stacked, [n, c * maps.length, ...sizes])
})

function interleaves ({ inputs: [x, indices] }: Node, { inputs: maps }: Node): boolean {
  if (indices!.source.kind !== 'constant' || !x!.shape.every(isNumber)) return false
  const perMap = x!.channels / maps.length
  const order = Array.from(indices!.source.data, Number)
  return maps.every(map => map!.channels === perMap) && order.length === x!.channels &&
    order.every((index, i) => index === (i % maps.length) * perMap + Math.floor(i / maps.length))
}
