import { create } from '@bufbuild/protobuf'
import { TensorProto_DataType as DataType, TensorProtoSchema } from 'onnx-buf'
import t from 'tap'
import { constant, elementType } from '../../../nn/onnx/constants.ts'

t.test('raw bytes may start anywhere', async t => {
  const bytes = new Uint8Array(9)
  bytes.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1)
  const proto = create(TensorProtoSchema, { dims: [2n], dataType: DataType.FLOAT, rawData: bytes.subarray(1) })
  const { shape, type, source } = constant(proto, 'c')
  t.same([shape, type], [[2], 'float32'])
  t.match(source, { kind: 'constant', name: 'c', data: Float32Array.of(1.5, -2) })
})

t.test('element types by ONNX\'s numbers', async t => {
  t.equal(elementType(DataType.FLOAT16, 'c'), 'float16')
  t.throws(() => elementType(DataType.STRING, 'c'), { name: 'OnnxError', message: /c is of element type STRING; supported are / })
  t.throws(() => elementType(999, 'c'), { message: /c is of element type 999/ })
})
