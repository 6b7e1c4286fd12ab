import { Tensor } from '../../../nn/tensor.ts'
import {
  axisOf, commonDims, countOf, expand, operator, pick, pickAlong, places, range, stridesOf, take, text, valueOf, whole, wholes,
  type Operator, type Value
} from './value.ts'

const concat = operator((inputs, node) => {
  const axis = axisOf(whole(node, 'axis', 0), inputs[0]!)
  const dims = inputs[0]!.dims.with(axis, inputs.reduce((sum, x) => sum + x.dims[axis]!, 0))
  const data = new Float64Array(countOf(dims))
  const strides = stridesOf(dims)
  let start = 0
  for (const x of inputs) {
    places(x.dims.map(range), strides).forEach((place, i) => { data[place + start * strides[axis]!] = x.data[i]! })
    start += x.dims[axis]!
  }
  return { dims, data }
})

const split: Operator = ([x, given], node) => {
  const axis = axisOf(whole(node, 'axis', 0), x!)
  const sizes = given ? Array.from(given.data) : node.outputs.map(() => x!.dims[axis]! / node.outputs.length)
  return sizes.map((size, i) => {
    const start = sizes.slice(0, i).reduce((a, b) => a + b, 0)
    return pickAlong(x!, axis, range(size).map(k => start + k))
  })
}

const slice: Operator = ([x, starts, ends, axes, steps]) => {
  const picked = x!.dims.map(range)
  starts!.data.forEach((start, i) => {
    const axis = axisOf(axes?.data[i] ?? i, x!)
    picked[axis] = sliced(x!.dims[axis]!, start, ends!.data[i]!, steps?.data[i] ?? 1)
  })
  return pick(x!, picked)
}

/** The indices from `start` to `end` (exclusive), both counted from the end if negative. */
function sliced (size: number, start: number, end: number, step: number): number[] {
  const limit = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, step < 0 ? -1 : 0), step < 0 ? size - 1 : size)
  const from = limit(start)
  const to = step < 0 && end < -size ? -1 : limit(end)
  return range(Math.max(0, Math.ceil((to - from) / step))).map(i => from + i * step)
}

const gather = operator(([x, indices], node) => {
  const axis = axisOf(whole(node, 'axis', 0), x!)
  const picked = Array.from(indices!.data, i => i < 0 ? i + x!.dims[axis]! : i)
  return { dims: x!.dims.toSpliced(axis, 1, ...indices!.dims), data: pickAlong(x!, axis, picked).data }
})

/** For each entry of `indices`, the place in `x` with that index along an axis. */
function elementPlaces (x: Value, indices: Value, axis: number): number[] {
  const strides = stridesOf(x.dims)
  const firsts = places(indices.dims.map((size, i) => i === axis ? new Array<number>(size).fill(0) : range(size)), strides)
  return Array.from(firsts, (first, i) => {
    const index = indices.data[i]!
    return first + (index < 0 ? index + x.dims[axis]! : index) * strides[axis]!
  })
}

const gatherElements = operator(([x, indices], node) => {
  const from = elementPlaces(x!, indices!, axisOf(whole(node, 'axis', 0), x!))
  return { dims: indices!.dims, data: Float64Array.from(from, i => x!.data[i]!) }
})

const JOIN: Readonly<Record<string, (before: number, update: number) => number>> = {
  none: (_, update) => update, add: (a, b) => a + b, mul: (a, b) => a * b, max: Math.max, min: Math.min
}

const scatterElements = operator(([x, indices, updates], node) => {
  const data = x!.data.slice()
  const join = JOIN[text(node, 'reduction', 'none')]!
  elementPlaces(x!, indices!, axisOf(whole(node, 'axis', 0), x!)).forEach((to, i) => { data[to] = join(data[to]!, updates!.data[i]!) })
  return { dims: x!.dims, data }
})

const transpose = operator(([x], node) => {
  const order = wholes(node, 'perm', x!.dims.map((_, axis) => x!.dims.length - 1 - axis))
  const strides = stridesOf(x!.dims)
  const dims = order.map(axis => x!.dims[axis]!)
  const from = places(dims.map(range), order.map(axis => strides[axis]!))
  return { dims, data: take(x!.data, from) }
})

/** 0 keeps a size, −1 takes what is left. */
const reshape = operator(([x, shape], node) => {
  const keeps = whole(node, 'allowzero', 0) === 0
  const sizes = Array.from(shape!.data, (size, axis) => size === 0 && keeps ? x!.dims[axis]! : size)
  const known = countOf(sizes.filter(size => size !== -1))
  return { dims: sizes.map(size => size === -1 ? x!.data.length / known : size), data: x!.data }
})

const flatten = operator(([x], node) => {
  const axis = axisOf(whole(node, 'axis', 1), x!)
  return { dims: [countOf(x!.dims.slice(0, axis)), countOf(x!.dims.slice(axis))], data: x!.data }
})

const squeeze: Operator = ([x, given]) => {
  const axes = given ? Array.from(given.data, axis => axisOf(axis, x!)) : x!.dims.flatMap((size, axis) => size === 1 ? [axis] : [])
  return { dims: x!.dims.filter((_, axis) => !axes.includes(axis)), data: x!.data }
}

const unsqueeze = operator(([x, given]) => {
  const rank = x!.dims.length + given!.data.length
  const axes = Array.from(given!.data, axis => axis < 0 ? axis + rank : axis)
  const sizes = x!.dims.values()
  return { dims: range(rank).map(axis => axes.includes(axis) ? 1 : sizes.next().value!), data: x!.data }
})

/** Pads may be negative, which crops. */
const pad: Operator = ([x, pads, value], node) => {
  const rank = x!.dims.length
  const isEdge = text(node, 'mode', 'constant') === 'edge'
  const picked = x!.dims.map((size, axis) => {
    const before = pads!.data[axis]!
    const inside = (i: number): number => isEdge ? Math.min(Math.max(i, 0), size - 1) : i < size ? i : -1
    return range(before + size + pads!.data[rank + axis]!).map(i => inside(i - before))
  })
  return pick(x!, picked, value?.data[0] ?? 0)
}

const constantOfShape = operator(([shape], { attributes: { value } }) => {
  const dims = Array.from(shape!.data)
  const [fill = 0] = value instanceof Tensor && value.source.kind === 'constant' ? value.source.data : []
  return { dims, data: new Float64Array(countOf(dims)).fill(Number(fill)) }
})

const tile = operator(([x, repeats]) =>
  pick(x!, x!.dims.map((size, axis) => range(size * repeats!.data[axis]!).map(i => i % size))))

const oneHot = operator(([indices, depth, values], node) => {
  const count = depth!.data[0]!
  const at = whole(node, 'axis', -1)
  const axis = at < 0 ? at + indices!.dims.length + 1 : at
  const dims = indices!.dims.toSpliced(axis, 0, count)
  const expanded = expand({ dims: indices!.dims.toSpliced(axis, 0, 1), data: indices!.data }, dims).data
  const along = stridesOf(dims)[axis]!
  const [off, on] = values!.data
  return { dims, data: expanded.map((index, i) => (index + count) % count === Math.floor(i / along) % count ? on! : off!) }
})

export const MOVES = {
  Concat: concat,
  ConstantOfShape: constantOfShape,
  Expand: operator(([x, shape]) => expand(x!, commonDims([x!.dims, Array.from(shape!.data)]))),
  Flatten: flatten,
  Gather: gather,
  GatherElements: gatherElements,
  OneHot: oneHot,
  Pad: pad,
  Reshape: reshape,
  ScatterElements: scatterElements,
  Shape: operator(([x]) => valueOf([x!.dims.length], x!.dims)),
  Slice: slice,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze
}
