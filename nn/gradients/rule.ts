import { ShapeError } from '../errors.ts'
import { isNumber } from '../dim.ts'
import type { Node, Tensor } from '../tensor.ts'

/** Gradients of several tensors, in order; undefined is zero. */
export type Gradients = ReadonlyArray<Tensor | undefined>

/**
 * The gradient rule of an operator: from the gradients of a node's outputs to those of its inputs, in order. Gradients of inputs that are
 * not `wanted` may be left out.
 */
export type Rule = (node: Node, given: Gradients, wanted: readonly boolean[]) => Gradients

/** Rules by operator. */
export type Rules = Readonly<Record<string, Rule>>

/** The rule of an operator with one output that always has a gradient when the rule is called. */
export const single = (rule: (g: Tensor, node: Node) => Gradients | Tensor): Rule => (node, [g]) => {
  const gradients = rule(g!, node)
  return Array.isArray(gradients) ? gradients : [gradients as Tensor]
}

/** The sizes of a tensor. @throws ShapeError if one is known only by name: gradients need all sizes */
export function sizesOf (x: Pick<Tensor, 'shape'>): number[] {
  if (!x.shape.every(isNumber)) throw new ShapeError('gradients', 'a size is known only by name', x.shape)
  return [...x.shape] as number[]
}
