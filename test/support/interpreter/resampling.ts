import type { Node } from '../../../nn/tensor.ts'
import { pickAlong, range, text, type Operator, type Value } from './value.ts'

/** Where an output index lies along an input axis, by `coordinate_transformation_mode`. */
const COORDINATES: Readonly<Record<string, (i: number, scale: number, from: number, to: number) => number>> = {
  half_pixel: (i, scale) => (i + 0.5) / scale - 0.5,
  pytorch_half_pixel: (i, scale, _, to) => to > 1 ? (i + 0.5) / scale - 0.5 : 0,
  asymmetric: (i, scale) => i / scale,
  align_corners: (i, _, from, to) => to > 1 ? i * (from - 1) / (to - 1) : 0
}

const NEAREST: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: x => Math.ceil(x - 0.5), round_prefer_ceil: x => Math.floor(x + 0.5), floor: Math.floor, ceil: Math.ceil
}

const resize: Operator = ([x, , scales, sizes], node) =>
  x!.dims.reduce((y, from, axis) => {
    const to = sizes ? sizes.data[axis]! : Math.floor(from * scales!.data[axis]!)
    return resized(y, axis, to, sizes ? to / from : scales!.data[axis]!, node)
  }, x!)

function resized (x: Value, axis: number, to: number, scale: number, node: Node): Value {
  const from = x.dims[axis]!
  if (to === from) return x
  const coordinate = COORDINATES[text(node, 'coordinate_transformation_mode', 'half_pixel')]!
  const inside = (i: number): number => Math.min(Math.max(i, 0), from - 1)
  const at = range(to).map(i => coordinate(i, scale, from, to))
  if (text(node, 'mode', 'nearest') === 'nearest') {
    const nearest = NEAREST[text(node, 'nearest_mode', 'round_prefer_floor')]!
    return pickAlong(x, axis, at.map(i => inside(nearest(i))))
  }
  return blended(x, axis, at.map(inside), inside)
}

/** Linear interpolation at places along an axis. */
function blended (x: Value, axis: number, at: readonly number[], inside: (i: number) => number): Value {
  const low = pickAlong(x, axis, at.map(Math.floor))
  const high = pickAlong(x, axis, at.map(i => inside(Math.floor(i) + 1)))
  const along = low.dims.slice(axis + 1).reduce((product, size) => product * size, 1)
  const share = (i: number): number => at[Math.floor(i / along) % at.length]! % 1
  return { dims: low.dims, data: low.data.map((value, i) => value * (1 - share(i)) + high.data[i]! * share(i)) }
}

export const RESAMPLING = { Resize: resize }
