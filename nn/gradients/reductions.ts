import { product } from '../dim.ts'
import * as op from '../ops.ts'
import { scalar, type Node, type Tensor } from '../tensor.ts'
import { expand } from './broadcasting.ts'
import { single, sizesOf, type Rules } from './rule.ts'

export const REDUCTION_RULES: Rules = {
  /** y = Σx: g everywhere */
  ReduceSum: single((g, sum) => spread(g, sum)),
  /** y = Σx/n: g/n everywhere */
  ReduceMean: single((g, mean) => {
    const [x] = mean.inputs as [Tensor]
    const count = product(axesOf(mean).map(axis => sizesOf(x)[axis]!))
    return spread(op.mul(g, scalar(1 / count)), mean)
  })
}

/** Repeats a gradient along the axes of a reduction. */
function spread (g: Tensor, reduction: Node): Tensor {
  const sizes = sizesOf(reduction.inputs[0]!)
  const axes = axesOf(reduction)
  return expand(op.reshape(g, sizes.map((size, axis) => axes.includes(axis) ? 1 : size)), sizes)
}

/** The axes of a reduction, an attribute or a constant; all by default. */
function axesOf ({ inputs: [x, axes], attributes }: Node): number[] {
  const given = axes ? valuesOf(axes) : attributes['axes'] as readonly number[] | undefined
  return given?.map(axis => axis < 0 ? axis + x!.rank : axis) ?? [...x!.shape.keys()]
}

function valuesOf ({ source }: Tensor): number[] {
  if (source.kind !== 'constant') throw new Error('gradients of reductions need constant axes')
  return Array.from(source.data as BigInt64Array, Number)
}
