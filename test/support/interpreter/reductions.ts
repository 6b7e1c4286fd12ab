import { axisOf, operator, places, range, stridesOf, take, whole, wholes, type Operator, type Value } from './value.ts'

/** The axes of a reduction: an input in ReduceSum, else an attribute; by default all. */
function axesOf (x: Value, axes: readonly number[]): number[] {
  return axes.length === 0 ? range(x.dims.length) : axes.map(axis => axisOf(axis, x))
}

function reduction (reduce: (values: Float64Array) => number): Operator {
  return ([x, given], node) => {
    const axes = axesOf(x!, given ? Array.from(given.data) : wholes(node, 'axes', []))
    if (given?.data.length === 0 && whole(node, 'noop_with_empty_axes', 0) === 1) return x!
    const strides = stridesOf(x!.dims)
    const along = (isIn: boolean): Int32Array =>
      places(x!.dims.map((size, axis) => axes.includes(axis) === isIn ? range(size) : [0]), strides)
    const [firsts, steps] = [along(false), along(true)]
    const keeps = whole(node, 'keepdims', 1) === 1
    const dims = x!.dims.flatMap((size, axis) => axes.includes(axis) ? keeps ? [1] : [] : [size])
    return { dims, data: Float64Array.from(firsts, first => reduce(take(x!.data, steps.map(step => first + step)))) }
  }
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)

/** The first of the largest values along an axis. */
const argMax = operator(([x], node) => {
  const axis = axisOf(whole(node, 'axis', 0), x!)
  const keeps = whole(node, 'keepdims', 1) === 1
  const strides = stridesOf(x!.dims)
  const firsts = places(x!.dims.map((size, i) => i === axis ? [0] : range(size)), strides)
  const value = (first: number, i: number): number => x!.data[first + i * strides[axis]!]!
  const best = (first: number): number => range(x!.dims[axis]!).reduce((best, i) => value(first, i) > value(first, best) ? i : best)
  return { dims: keeps ? x!.dims.with(axis, 1) : x!.dims.toSpliced(axis, 1), data: Float64Array.from(firsts, best) }
})

export const REDUCTIONS = {
  ArgMax: argMax,
  ReduceL2: reduction(values => Math.sqrt(sum(values.map(x => x * x)))),
  ReduceMax: reduction(values => values.reduce((a, b) => Math.max(a, b))),
  ReduceMean: reduction(values => sum(values) / values.length),
  ReduceMin: reduction(values => values.reduce((a, b) => Math.min(a, b))),
  ReduceSum: reduction(sum),
  ReduceSumSquare: reduction(values => sum(values.map(x => x * x)))
}
