import { UNKNOWN_SHAPE, type Shape } from '../../nn/dim.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import { remake } from '../../nn/passes/rewrite.ts'
import type { Tensor } from '../../nn/tensor.ts'

/**
 * Tensors of a graph whose file declares no shapes, with shapes that are known otherwise.
 * @param shapeOf shapes by tensor
 * @returns the tensor in place of each
 */
export function withShapes (outputs: Iterable<Tensor>, shapeOf: ReadonlyMap<Tensor, Shape>): (x: Tensor) => Tensor {
  const made = new Map<Tensor, Tensor>()
  const now = (x: Tensor): Tensor => made.get(x) ?? x
  for (const node of topologicalOrder(outputs)) {
    const shapes = node.outputs.map(x => x.shape === UNKNOWN_SHAPE ? shapeOf.get(x) ?? x.shape : x.shape)
    const copy = remake(node, node.inputs.map(x => x && now(x)), shapes)
    node.outputs.forEach((x, i) => made.set(x, copy.outputs[i]!))
  }
  return now
}
