import { GradientError } from '../errors.ts'
import type { Node } from '../tensor.ts'
import { sizesOf } from './rule.ts'

/** The windows of a convolution or a pool, which are square. */
export interface Geometry { readonly kernel: number, readonly stride: number, readonly padding: number, readonly groups: number }

/** @throws GradientError if they are not square, not evenly padded, spread out, or placed by other rules than ours */
export function geometryOf ({ op, inputs, attributes }: Node): Geometry {
  const list = (name: string, otherwise: readonly number[]): readonly number[] =>
    (attributes[name] as readonly number[] | undefined) ?? otherwise
  const kernels = list('kernel_shape', inputs[1]?.shape.slice(2) as number[])
  const [strides, pads, dilations] = [list('strides', [1]), list('pads', [0]), list('dilations', [1])]
  const isUneven = [kernels, strides, pads].some(values => new Set(values).size > 1) || dilations.some(value => value !== 1)
  const isAutomatic = !['NOTSET', undefined].includes(attributes['auto_pad'] as string | undefined) || attributes['ceil_mode'] === 1
  if (isUneven || isAutomatic) throw new GradientError(`${op} with such windows`)
  return { kernel: kernels[0]!, stride: strides[0]!, padding: pads[0]!, groups: Number(attributes['group'] ?? 1) }
}

/** The rows and columns at the end of a node's input that no window reaches. */
export function outputPadding (node: Node): number[] {
  const { kernel, stride, padding } = geometryOf(node)
  const [before, after] = [node.inputs[0]!, node.outputs[0]!].map(x => sizesOf(x).slice(2)) as [number[], number[]]
  return before.map((size, i) => size - ((after[i]! - 1) * stride - 2 * padding + kernel))
}
