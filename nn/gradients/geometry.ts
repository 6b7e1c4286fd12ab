import type { Node } from '../tensor.ts'
import { sizesOf } from './rule.ts'

/** The windows of a convolution or a pool, which are square. */
export interface Geometry { readonly kernel: number, readonly stride: number, readonly padding: number, readonly groups: number }

export function geometryOf ({ attributes }: Node): Geometry {
  const first = (name: string, otherwise: number): number => (attributes[name] as readonly number[] | undefined)?.[0] ?? otherwise
  return { kernel: first('kernel_shape', 1), stride: first('strides', 1), padding: first('pads', 0), groups: Number(attributes['group'] ?? 1) }
}

/** The rows and columns at the end of a node's input that no window reaches. */
export function outputPadding (node: Node): number[] {
  const { kernel, stride, padding } = geometryOf(node)
  const [before, after] = [node.inputs[0]!, node.outputs[0]!].map(x => sizesOf(x).slice(2)) as [number[], number[]]
  return before.map((size, i) => size - ((after[i]! - 1) * stride - 2 * padding + kernel))
}
