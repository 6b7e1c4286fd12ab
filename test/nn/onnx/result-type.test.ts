import t from 'tap'
import { resultType } from '../../../nn/onnx/result-type.ts'
import { floats, input, integers, scalar, type Attribute, type Tensor } from '../../../nn/tensor.ts'

const typeOf = (op: string, inputs: Tensor[], attributes: Record<string, Attribute> = {}, i = 0) =>
  resultType({ op, inputs, attributes, outputs: [] }, i)

t.test('the type of a result follows from the operator', async t => {
  const x = floats([1], Float32Array.of(1))
  const n = integers([1])
  t.equal(typeOf('Relu', [x]), 'float32')
  t.equal(typeOf('Gather', [n, n]), 'int64')
  t.equal(typeOf('Shape', [x]), 'int64')
  t.equal(typeOf('Equal', [x, x]), 'bool')
  t.equal(typeOf('Cast', [x], { to: 6 }), 'int32')
  t.equal(typeOf('Where', [n, x, x]), 'float32')
  t.equal(typeOf('TopK', [x, n]), 'float32')
  t.equal(typeOf('TopK', [x, n], {}, 1), 'int64')
  t.equal(typeOf('ConstantOfShape', [n], { value: n }), 'int64')
  t.equal(typeOf('ConstantOfShape', [n]), 'float32')
  t.equal(typeOf('RandomNormal', []), 'float32')
  const half = input('h', [1], 'float16')
  const bytes = input('q', [1], 'int8')
  t.equal(typeOf('QuantizeLinear', [x, x, bytes]), 'int8')
  t.equal(typeOf('QuantizeLinear', [x, x]), 'uint8')
  t.equal(typeOf('DequantizeLinear', [bytes, half, bytes]), 'float16')
  t.equal(typeOf('QLinearConv', [bytes, x, bytes, bytes, x, bytes, x, input('z', [1], 'uint8')]), 'uint8')
  t.equal(typeOf('ConvInteger', [bytes, bytes]), 'int32')
  t.same([0, 1, 2].map(i => typeOf('DynamicQuantizeLinear', [x], {}, i)), ['uint8', 'float32', 'uint8'])
  t.equal(typeOf('CastLike', [x, n]), 'int64')
  t.equal(typeOf('Add', [scalar(1), scalar(2)]), 'float32')
})

t.test('operators that are called like properties of objects are unknown ones', async t => {
  for (const op of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) t.equal(typeOf(op, [integers([1])]), 'int64', op)
})
