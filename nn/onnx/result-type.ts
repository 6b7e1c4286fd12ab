import { Tensor, type ElementType, type Node } from '../tensor.ts'
import { ELEMENT_TYPES } from './to-onnx.ts'

/** Operators whose results are of one type whatever they read; `:1` is the second result. All others keep the type of what they read. */
const FIXED: Readonly<Record<string, ElementType>> = {
  Shape: 'int64',
  Size: 'int64',
  NonZero: 'int64',
  NonMaxSuppression: 'int64',
  ArgMax: 'int64',
  ArgMin: 'int64',
  'TopK:1': 'int64',
  'MaxPool:1': 'int64',
  'Dropout:1': 'bool',
  And: 'bool',
  Or: 'bool',
  Not: 'bool',
  Equal: 'bool',
  Less: 'bool',
  LessOrEqual: 'bool',
  Greater: 'bool',
  GreaterOrEqual: 'bool'
}

/** The element type of a node's i-th result, by what the operator is. https://onnx.ai/onnx/operators/ */
export function resultType ({ op, inputs, attributes }: Node, i: number): ElementType {
  const fixed = FIXED[i === 0 ? op : `${op}:${i}`]
  if (fixed) return fixed
  if (op === 'Cast') return ELEMENT_TYPES.get(Number(attributes['to'])) ?? 'float32'
  if (op === 'ConstantOfShape') return attributes['value'] instanceof Tensor ? attributes['value'].type : 'float32'
  return inputs[op === 'Where' ? 1 : 0]?.type ?? 'float32'
}
