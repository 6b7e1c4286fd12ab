import type { Shape } from '../dim.ts'
import { sumOver } from '../math.ts'
import { node } from '../node.ts'
import * as op from '../ops.ts'
import { integers, type Tensor } from '../tensor.ts'
import { sizesOf } from './rule.ts'

/** Sums over axes, which the result does not have. */
export const sumOut = (x: Tensor, axes: readonly number[]): Tensor =>
  node('ReduceSum', [x, integers(axes)], x.shape.filter((_, i) => !axes.includes(i)), { keepdims: 0 })

/** The gradient of a tensor of this shape that was broadcast to g's: summed over the axes along which it was repeated. */
export function unbroadcast (g: Tensor, shape: Shape): Tensor {
  const lead = g.rank - shape.length
  const axes = [...g.shape.keys()].filter(i => i < lead || (shape[i - lead] === 1 && g.shape[i] !== 1))
  if (axes.length === 0) return g
  const sum = sumOver(g, axes)
  return lead === 0 ? sum : op.reshape(sum, sizesOf({ shape }))
}

/** A tensor repeated to a shape that it broadcasts to. */
export const expand = (x: Tensor, shape: readonly number[]): Tensor => node('Expand', [x, integers(shape)], shape)

/** Zeros that take no space in a file. */
export const zerosLike = (x: Tensor): Tensor => node('ConstantOfShape', [integers(sizesOf(x))], x.shape)
