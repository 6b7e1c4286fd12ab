/**
 * ONNX operators (opset 17) that losses are made of, as functions like those of nn/ops.ts. Two operands broadcast.
 * Semantics: https://onnx.ai/onnx/operators/
 */
import { ShapeError } from './errors.ts'
import { node } from './node.ts'
import { mul, toFloat } from './ops.ts'
import { integers, type Tensor } from './tensor.ts'

export const exp = (x: Tensor): Tensor => node('Exp', [x], x.shape)
export const log = (x: Tensor): Tensor => node('Log', [x], x.shape)
export const abs = (x: Tensor): Tensor => node('Abs', [x], x.shape)
export const div = (a: Tensor, b: Tensor): Tensor => node('Div', [a, b], mul(a, b).shape)

/** ln(1 + eˣ) */
export const softplus = (x: Tensor): Tensor => node('Softplus', [x], x.shape)

/** 1 where a ≥ b, else 0. It has no gradient. */
export const isAtLeast = (a: Tensor, b: Tensor): Tensor => toFloat(node('GreaterOrEqual', [a, b], mul(a, b).shape, {}, 'bool'))

/** Sums over axes, which stay as axes of size 1. */
export const sumOver = (x: Tensor, axes: readonly number[]): Tensor =>
  node('ReduceSum', [x, integers(axes)], ones(x, axes), { keepdims: 1 })

/** The largest values over axes, which stay as axes of size 1. */
export const maxOver = (x: Tensor, axes: readonly number[]): Tensor =>
  node('ReduceMax', [x], ones(x, axes), { axes, keepdims: 1 })

const ones = (x: Tensor, axes: readonly number[]) => x.shape.map((dim, axis) => axes.includes(axis) ? 1 : dim)

/** Of each line along an axis, the entries at indices: x `[N, C, P]`, int64 indices `[N, k, P]` → `[N, k, P]` along axis 1. */
export function gatherElements (x: Tensor, indices: Tensor, axis: number): Tensor {
  if (x.rank !== indices.rank) throw new ShapeError('gatherElements', 'ranks differ', x.shape, indices.shape)
  return node('GatherElements', [x, indices], indices.shape, { axis })
}
