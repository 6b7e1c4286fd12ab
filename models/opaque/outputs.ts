import type { Size } from '../../head/decode/boxes.ts'
import { formatShape, isNumber } from '../../nn/dim.ts'
import { node } from '../../nn/node.ts'
import * as op from '../../nn/ops.ts'
import { integers, type Tensor } from '../../nn/tensor.ts'

/** An output of a detector's graph. */
export interface PointOutput {
  /** float32 `[1, points, values]` */
  readonly tensor: Tensor
  readonly points: number
  /** How many values each point has. */
  readonly values: number
}

/** Points of each level. */
export const pointsOf = ({ width, height }: Size, strides: readonly number[]): number[] =>
  strides.map(stride => Math.ceil(width / stride) * Math.ceil(height / stride))

export const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0)

/** Outputs of shape `[1, points, values]`, or `[points, values]` without the batch axis. Others are left out. */
export function pointOutputs (outputs: Iterable<Tensor>): PointOutput[] {
  return [...outputs].flatMap(x => {
    const [batch, points, values] = x.rank === 2 ? [1, ...x.shape] : x.shape
    const isOne = x.rank >= 2 && x.rank <= 3 && (batch === 1 || !isNumber(batch!))
    if (!isOne || !isNumber(points!) || !isNumber(values!) || !isFloat(x)) return []
    return [{ tensor: asFloats(x, [1, points, values]), points, values }]
  })
}

const isFloat = ({ type }: Tensor): boolean => type === 'float32' || type === 'float16'

/** A float output as float32 of a shape that has as many values. */
export function asFloats (x: Tensor, shape: readonly number[]): Tensor {
  const floats = x.type === 'float32' ? x : op.toFloat(x)
  const isShaped = x.rank === shape.length && x.shape.every((dim, i) => dim === shape[i])
  return isShaped ? floats : node('Reshape', [floats, integers(shape)], shape)
}

/**
 * The outputs with the points of all levels together, or else those with the points of each level.
 * @param counts points of each level
 * @returns one group, or one for each level; undefined if a level has no output
 */
export function groupsOf (outputs: readonly PointOutput[], counts: readonly number[]): PointOutput[][] | undefined {
  const together = outputs.filter(({ points }) => points === total(counts))
  if (together.length > 0) return [together]
  const levels = counts.map(count => outputs.filter(({ points }) => points === count))
  return levels.every(level => level.length > 0) ? levels : undefined
}

/** `[1, 1600, 80], [1, 1600, 32]` */
export const inWords = (tensors: Iterable<Tensor>): string => [...tensors].map(({ shape }) => formatShape(shape)).join(', ')
