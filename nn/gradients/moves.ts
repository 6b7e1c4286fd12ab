import { product } from '../dim.ts'
import { GradientError } from '../errors.ts'
import * as op from '../ops.ts'
import { floats, integers, type Node, type Tensor } from '../tensor.ts'
import { zerosLike } from './broadcasting.ts'
import { single, sizesOf, type Rule, type Rules } from './rule.ts'

/** Backward through a change of shape: the gradient gets the shape that the values had. */
const reshaped: Rule = single((g, { inputs: [x] }) => op.reshape(g, sizesOf(x!)))

/** Rules of operators that move values. */
export const MOVE_RULES: Rules = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Identity: single(g => g),
  /** To the same type: others have no gradient. */
  Cast: single(g => g),
  /** The inverse order of axes. */
  Transpose: single((g, { attributes }) => op.transpose(g, inverse(attributes['perm'] as readonly number[]))),
  /** Each input's part of g. */
  Concat: ({ inputs, attributes }, [g], wanted) => {
    const axis = axisOf(attributes, g!)
    const sizes = inputs.map(x => Number(x!.dim(axis)))
    if (wanted.every(Boolean)) return op.split(g!, sizes, axis)
    const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0))
    return sizes.map((size, i) => wanted[i] ? op.slice(g!, starts[i]!, starts[i]! + size, axis) : undefined)
  },
  /** The parts' gradients side by side. */
  Split: ({ outputs, attributes }, given) =>
    [op.concat(given.map((g, i) => g ?? zerosLike(outputs[i]!)), axisOf(attributes, outputs[0]!))],
  /** g with zeros around it. */
  Slice: single((g, { inputs: [x, starts, , axes, steps] }) => {
    if (steps) throw new GradientError('Slice with steps')
    const before = sizesOf(x!).map(() => 0)
    const from = valuesOf(starts!)
    valuesOf(axes!).forEach((axis, i) => { before[axis] = from[i]! })
    const after = sizesOf(x!).map((size, axis) => size - before[axis]! - Number(g.dim(axis)))
    return op.pad(g, integers([...before, ...after]), x!.shape)
  }),
  /** The part of g that is not padding. */
  Pad: single((g, { inputs: [x, pads] }) => sizesOf(x!).reduce((inner, size, axis) => {
    const before = valuesOf(pads!)[axis]!
    return size === g.dim(axis) ? inner : op.slice(inner, before, before + size, axis)
  }, g)),
  /** For a permutation, the inverse one; otherwise, the sum over the places to which an entry went, as a product with a matrix. */
  Gather: single((g, { inputs: [x, indices], attributes }) => {
    const axis = axisOf(attributes, x!)
    const order = valuesOf(indices!)
    const size = Number(x!.dim(axis))
    return isPermutation(order, size) ? op.gather(g, inverse(order), axis) : scattered(g, order, axis, sizesOf(x!))
  })
}

const axisOf = (attributes: Node['attributes'], { rank }: Tensor): number => {
  const axis = Number(attributes['axis'] ?? 0)
  return axis < 0 ? axis + rank : axis
}

const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i))

const isPermutation = (order: readonly number[], size: number): boolean => order.length === size && new Set(order).size === size

/** Values of an integer constant. */
function valuesOf ({ source }: Tensor): number[] {
  if (source.kind !== 'constant') throw new Error('gradients of moves need constant indices')
  return Array.from(source.data as BigInt64Array, Number)
}

/** Adds the entries of g along an axis to the entries with these indices. */
function scattered (g: Tensor, indices: readonly number[], axis: number, shape: readonly number[]): Tensor {
  const size = shape[axis]!
  const places = new Float32Array(size * indices.length)
  indices.forEach((index, i) => { places[index * indices.length + i] = 1 })
  const flat = op.reshape(g, [product(shape.slice(0, axis)), indices.length, product(shape.slice(axis + 1))])
  return op.reshape(op.matmul(floats([size, indices.length], places), flat), shape)
}
