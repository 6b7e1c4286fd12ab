import { create } from '@bufbuild/protobuf'
import { AttributeProto_AttributeType as AttributeType, AttributeProtoSchema, NodeProtoSchema, StringStringEntryProtoSchema } from 'onnx-buf'
import t from 'tap'
import { inlineExternalData, type ExternalRange } from '../../../nn/onnx/external-data.ts'
import { fromOnnx } from '../../../nn/onnx/from-onnx.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { edited, withExternalWeights } from '../../support/onnx-files.ts'

const small = toOnnx({ outputs: new Map([['y', op.add(op.mul(input('x', [2]), floats([2], Float32Array.of(1, 2), 'a')), floats([2], Float32Array.of(3, 4), 'b'))]]) })
const { onnx, data } = withExternalWeights(small, 'small.data')
const withEntries = (entries: Record<string, string>): Uint8Array => edited(onnx, ({ initializer }) => {
  initializer[0]!.externalData = Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }))
})

t.test('ranges of other files become part of the model', async t => {
  const asked: ExternalRange[] = []
  const inlined = await inlineExternalData(onnx, async range => {
    asked.push(range)
    return data.subarray(range.offset, range.offset + range.length!)
  })
  t.same(asked, [{ location: 'small.data', offset: 0, length: 8 }, { location: 'small.data', offset: 8, length: 8 }])
  const { initializers } = fromOnnx(inlined)
  t.match(initializers.get('a'), { source: { data: Float32Array.of(1, 2) } })
  t.match(initializers.get('b'), { source: { data: Float32Array.of(3, 4) } })
  t.throws(() => fromOnnx(onnx), { message: /the data of a is in another file/ })
})

t.test('data of attributes, and to the end of a file', async t => {
  const inAttribute = edited(onnx, graph => {
    const [a] = graph.initializer.splice(0, 1)
    const attribute = create(AttributeProtoSchema, { name: 'value', type: AttributeType.TENSOR, t: a! })
    graph.node.unshift(create(NodeProtoSchema, { opType: 'Constant', output: ['a'], attribute: [attribute] }))
  })
  const whole = await inlineExternalData(inAttribute, async ({ offset }) => data.subarray(offset, offset + 8))
  t.match(fromOnnx(whole).nodes[0]!.inputs[1], { source: { data: Float32Array.of(1, 2) } })
  await inlineExternalData(withEntries({ location: 'small.data' }), async range => {
    if (range.length === undefined) t.same(range, { location: 'small.data', offset: 0, length: undefined })
    return data.subarray(0, 8)
  })
})

t.test('other models stay as they are', async t => {
  const never = async () => { throw new Error('asked for') }
  t.equal(await inlineExternalData(small, never), small)
  const damaged = Buffer.from('not a model')
  t.equal(await inlineExternalData(damaged, never), damaged)
})

t.test('a range that is not valid is named', async t => {
  const refused = (entries: Record<string, string>, message: RegExp) =>
    t.rejects(inlineExternalData(withEntries(entries), async () => data), { name: 'OnnxError', message })
  await refused({}, /the data of a is in another file, which the model does not name/)
  await refused({ location: 'x', offset: '-1' }, /the data of a in another file has the offset or length -1, not a number of bytes/)
  await refused({ location: 'x', length: '9'.repeat(20) }, /not a number of bytes/)
})
