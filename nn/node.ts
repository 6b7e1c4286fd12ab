import type { Shape } from './dim.ts'
import { Tensor, type Attribute, type ElementType, type Node } from './tensor.ts'

type Attributes = Readonly<Record<string, Attribute>>
type Inputs = readonly (Tensor | undefined)[]
type Output = readonly [shape: Shape, type: ElementType]

/** The output of a single-output ONNX operator. An omitted input is undefined. */
export function node (op: string, inputs: Inputs, shape: Shape, attributes: Attributes = {}, type: ElementType = 'float32'): Tensor {
  return nodes(op, inputs, [[shape, type]], attributes)[0]!
}

/** The outputs of an ONNX operator. */
export function nodes (op: string, inputs: Inputs, outputs: readonly Output[], attributes: Attributes = {}): Tensor[] {
  const tensors: Tensor[] = []
  const made: Node = { op, inputs, attributes, outputs: tensors }
  for (const [shape, type] of outputs) tensors.push(new Tensor(shape, type, { kind: 'node', node: made }))
  return tensors
}
