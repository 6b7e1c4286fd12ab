import { Tensor, type ElementType, type Node } from '../tensor.ts'
import { ELEMENT_TYPES } from './to-onnx.ts'

/** Operators whose results have one type, whatever they read; `:1` is the second result. */
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
  Xor: 'bool',
  Not: 'bool',
  Equal: 'bool',
  Less: 'bool',
  LessOrEqual: 'bool',
  Greater: 'bool',
  GreaterOrEqual: 'bool',
  IsNaN: 'bool',
  IsInf: 'bool',
  ConvInteger: 'int32',
  MatMulInteger: 'int32',
  DynamicQuantizeLinear: 'uint8',
  'DynamicQuantizeLinear:1': 'float32',
  'DynamicQuantizeLinear:2': 'uint8'
}
/** Operators whose result has the type of another input than the first. */
const TYPE_INPUT: Readonly<Record<string, number>> = {
  Where: 1,
  DequantizeLinear: 1, // the scale
  QuantizeLinear: 2, // the zero point
  QLinearConv: 7,
  QLinearMatMul: 7,
  OneHot: 2,
  CastLike: 1
}
const WITHOUT_ZERO_POINT = 'uint8'

/** The element type of a node's i-th result, which follows from its operator. https://onnx.ai/onnx/operators/ */
export function resultType ({ op, inputs, attributes }: Node, i: number): ElementType {
  const result = i === 0 ? op : `${op}:${i}`
  if (Object.hasOwn(FIXED, result)) return FIXED[result]!
  if (op === 'Cast') return ELEMENT_TYPES.get(Number(attributes['to'])) ?? 'float32'
  if (op === 'ConstantOfShape') return attributes['value'] instanceof Tensor ? attributes['value'].type : 'float32'
  const otherwise = op === 'QuantizeLinear' ? WITHOUT_ZERO_POINT : 'float32'
  return inputs[Object.hasOwn(TYPE_INPUT, op) ? TYPE_INPUT[op]! : 0]?.type ?? otherwise
}
