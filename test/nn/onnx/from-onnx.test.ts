import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import {
  AttributeProto_AttributeType as AttributeType, ModelProtoSchema, TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType, type GraphProtoSchema
} from 'onnx-buf'
import t from 'tap'
import { UNKNOWN_SHAPE } from '../../../nn/dim.ts'
import { fromOnnx } from '../../../nn/onnx/from-onnx.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, integers, scalar, type Tensor } from '../../../nn/tensor.ts'
import { mutate } from '../../support/mutations.ts'
import { maxDifference, run } from '../../support/run.ts'
import { seeded, seededFloats } from '../../support/seeded.ts'

type Model = MessageInitShape<typeof ModelProtoSchema>
type Graph = MessageInitShape<typeof GraphProtoSchema>
type Changes<T> = Omit<T, '$typeName' | '$unknown'>

const x = input('x', [1, 2, 4, 4])
const feed = { x: { dims: [1, 2, 4, 4], data: seededFloats('x', 32, u => u - 0.5) } }
const tensorType = (elemType: DataType, dims: bigint[]) => {
  const dim = dims.map(value => ({ value: { case: 'dimValue' as const, value } }))
  return { value: { case: 'tensorType' as const, value: { elemType, shape: { dim } } } }
}
const float = tensorType(DataType.FLOAT, [2n])
/** y = x + c, as an exporter might write it. */
const small = (graph: Changes<Graph> = {}, model: Changes<Model> = {}): Uint8Array => toBinary(ModelProtoSchema, create(ModelProtoSchema, {
  irVersion: 8n,
  opsetImport: [{ domain: '', version: 11n }],
  graph: {
    name: 'small',
    input: [{ name: 'x', type: float }],
    output: [{ name: 'y', type: float }],
    initializer: [{ name: 'c', dims: [2n], dataType: DataType.FLOAT, floatData: [1, 2] }],
    node: [{ opType: 'Add', name: 'add', input: ['x', 'c'], output: ['y'] }],
    ...graph
  },
  ...model
}))

/** A graph with attributes of all kinds. */
function various (): Record<string, Tensor> {
  const weight = floats([3, 2, 3, 3], seededFloats('w', 54, u => u - 0.5), 'conv.weight')
  const y = op.leakyRelu(op.conv(x, weight, undefined, { padding: 1 }), 0.1)
  const [left, right] = op.split(op.resize(y, 2), [1, 2])
  return { a: op.concat([right!, left!]), b: op.clip(y, scalar(-0.1), scalar(0.1)) }
}

t.test('what toOnnx wrote comes back, and computes the same when it is written again', async t => {
  const outputs = various()
  const { inputs, outputs: found, initializers, taps, opset } = fromOnnx(Buffer.from(toOnnx({ outputs: new Map(Object.entries(outputs)) })))
  t.same([...inputs.keys()], ['x'])
  t.same([...found.keys()], ['a', 'b'])
  t.same(initializers.get('conv.weight')!.shape, [3, 2, 3, 3])
  t.ok(taps.has('a') && taps.has('b'))
  t.equal(opset, 17)
  const expected = await run(outputs, feed)
  const again = await run(Object.fromEntries(found), feed)
  for (const name of ['a', 'b']) t.equal(maxDifference(again[name]!.data, expected[name]!.data), 0)
})

t.test('layers can be put before and after a graph', async t => {
  const bytes = toOnnx({ outputs: new Map(Object.entries(various())) })
  const { outputs } = fromOnnx(bytes, { input: op.mul(x, scalar(-1)) })
  const negative = { x: { ...feed.x, data: feed.x.data.map(value => -value) } }
  const { b } = await run({ b: op.relu(outputs.get('b')!) }, negative)
  const expected = await run(various(), feed)
  t.equal(maxDifference(b!.data, expected['b']!.data.map(value => Math.max(0, value))), 0)
})

t.test('names of an imported graph never clash with new names', async t => {
  const inner = floats([1], Float32Array.of(2), 'Mul_0')
  const { outputs } = fromOnnx(toOnnx({ outputs: new Map([['Add_0', op.add(x, inner)]]) }), { input: op.mul(x, floats([1], Float32Array.of(3), 'x')) })
  const bytes = toOnnx({ outputs: new Map([['y', op.relu(outputs.get('Add_0')!)]]) })
  const names = fromBinary(ModelProtoSchema, bytes).graph!
  const all = [...names.input, ...names.initializer].map(({ name }) => name).concat(names.node.flatMap(({ output }) => output))
  t.equal(new Set(all).size, all.length)
  await (await InferenceSession.create(bytes)).release()
})

t.test('values in fields, constants in nodes, inputs with initializers', async t => {
  const { inputs, outputs, initializers, taps, nodes, opset } = fromOnnx(small({
    input: [{ name: 'x', type: float }, { name: 'c', type: float }],
    node: [
      { opType: 'Constant', output: ['k'], attribute: [{ name: 'value', type: AttributeType.TENSOR, t: { dims: [2n], dataType: DataType.FLOAT, floatData: [3, 4] } }] },
      { opType: 'Add', input: ['x', 'c'], output: ['s'] },
      { opType: 'Mul', input: ['s', 'k'], output: ['y'] }
    ]
  }))
  t.same([...inputs.keys()], ['x'])
  t.same([...initializers.keys()], ['c'])
  t.same([...taps.keys()], ['s', 'y'])
  t.same(nodes.map(node => node.op), ['Add', 'Mul'])
  t.equal(taps.get('s')!.shape, UNKNOWN_SHAPE)
  t.equal(opset, 11)
  const { y } = await run({ y: outputs.get('y')! }, { x: { dims: [2], data: Float32Array.of(10, 20) } })
  t.same([...y!.data], [33, 88])
})

t.test('every kind of attribute and element survives', async t => {
  const types = [['FLOAT', 'floatData', [1.5]], ['FLOAT16', 'int32Data', [0x3e00]], ['DOUBLE', 'doubleData', [1.5]], ['INT64', 'int64Data', [-3n]], ['INT32', 'int32Data', [-3]], ['INT8', 'int32Data', [-3]], ['UINT8', 'int32Data', [3]], ['BOOL', 'int32Data', [1]]] as const
  const initializer = types.map(([type, field, values]) => ({ name: type, dims: [1n], dataType: DataType[type], [field]: values }))
  const attribute = [
    { name: 'i', type: AttributeType.INT, i: 2n ** 63n - 1n },
    { name: 'ints', type: AttributeType.INTS, ints: [1n, -1n] },
    { name: 'f', type: AttributeType.FLOAT, f: 0.5 },
    { name: 'floats', type: AttributeType.FLOATS, floats: [0.5, 2] },
    { name: 's', type: AttributeType.STRING, s: Buffer.from('linear') },
    { name: 't', type: AttributeType.TENSOR, t: { dims: [1n], dataType: DataType.INT64, int64Data: [7n] } }
  ]
  const first = fromOnnx(small({ initializer, node: [{ opType: 'Odd', input: ['x', ...types.map(([type]) => type)], output: ['y'], attribute }] }))
  const second = fromOnnx(toOnnx({ outputs: first.outputs, opset: 11 }))
  t.equal(second.opset, 11)
  t.match(second.nodes[0]!.attributes, { i: 2n ** 63n - 1n, ints: [1, -1], f: { float: 0.5 }, floats: { floats: [0.5, 2] }, s: 'linear', t: { type: 'int64', shape: [1] } })
  t.same([...second.initializers.values()].map(({ type, source }) => [type, source.kind === 'constant' && Number(source.data[0])]),
    [['float32', 1.5], ['float16', 0x3e00], ['float64', 1.5], ['int64', -3], ['int32', -3], ['int8', -3], ['uint8', 3], ['bool', 1]])
})

t.test('a value of unknown shape can be an output', async t => {
  const { taps } = fromOnnx(small({ node: [{ opType: 'Add', input: ['x', 'c'], output: ['s'] }, { opType: 'Relu', input: ['s'], output: ['y'] }] }))
  const session = await InferenceSession.create(toOnnx({ outputs: new Map([['s', taps.get('s')!]]) }))
  const { s } = await session.run({ x: new OrtTensor('float32', Float32Array.of(-3, 1), [2]) })
  t.same([...s!.data as Float32Array], [-2, 3])
  await session.release()
})

t.test('a long chain is imported and written again', async t => {
  const node = Array.from({ length: 20_000 }, (_, i) => ({ opType: 'Relu', input: [i === 0 ? 'x' : `r${i - 1}`], output: [i === 19_999 ? 'y' : `r${i}`] }))
  t.equal(fromOnnx(toOnnx({ outputs: fromOnnx(small({ node })).outputs })).nodes.length, 20_000)
})

t.test('unsupported features are refused by name', async t => {
  const refused = (bytes: Uint8Array, message: RegExp, replacement?: Tensor) =>
    t.throws(() => fromOnnx(bytes, replacement && { input: replacement }), { name: 'OnnxError', message })
  const add = { opType: 'Add', name: 'add', input: ['x', 'c'], output: ['y'] }
  const c = { name: 'c', dims: [2n], dataType: DataType.FLOAT, floatData: [1, 2] }
  refused(Buffer.from('this is no model'), /^not a usable ONNX model: it is damaged or cut short, or of another format$/)
  refused(small().subarray(0, 40), /damaged or cut short|has no graph/)
  refused(new Uint8Array(0), /it has no graph/)
  refused(small({}, { opsetImport: [] }), /does not declare the version of its operators/)
  refused(small({}, { opsetImport: [{ domain: '', version: 6n }] }), /it uses opset 6; opsets 7 to 26 are supported: export the model again, with opset_version=17/)
  refused(small({}, { opsetImport: [{ domain: '', version: 27n }] }), /it uses opset 27; opsets 7 to 26/)
  refused(small({}, { functions: [{ name: 'Gelu' }] }), /functions are not supported \(Gelu\)/)
  refused(small({ sparseInitializer: [{}] }), /sparse tensors/)
  refused(small({ node: [{ ...add, domain: 'com.example' }] }), /node add \(Add\) is of domain com\.example; only standard ONNX operators/)
  refused(small({ node: [{ ...add, opType: 'Loop', attribute: [{ name: 'body', type: AttributeType.GRAPH }] }] }), /node add \(Loop\) has the attribute body of type GRAPH/)
  refused(small({ node: [{ ...add, input: ['x', 'z'] }] }), /node add \(Add\) reads z, which no earlier node computes/)
  refused(small({ node: [add, add] }), /it defines y twice/)
  refused(small({ output: [{ name: 'z', type: float }] }), /an output of the graph reads z/)
  refused(small({ node: [{ opType: 'Constant', name: 'k', output: ['y'] }] }), /node k \(Constant\) has no tensor as its value/)
  refused(small({ initializer: [{ ...c, dims: [2n ** 60n, 2n ** 60n] }] }), /c has 2 values for the shape/)
  refused(small({ initializer: [{ ...c, dims: [-2n] }] }), /c has 2 values for the shape \[-2\]/)
  refused(small({ initializer: [{ ...c, floatData: [], rawData: new Uint8Array(7) }] }), /c has 7 bytes, not a multiple of 4/)
  refused(small({ initializer: [{ ...c, dataType: DataType.BFLOAT16 }] }), /c is of element type BFLOAT16; supported are float32, /)
  refused(small({ initializer: [{ ...c, dataLocation: DataLocation.EXTERNAL }] }), /the data of c is in another file/)
  refused(small({ input: [{ name: 'x' }] }), /its input x is not a tensor/)
  refused(small(), /its input x is float32 \[2\], not float32 \[3\]/, input('x', [3]))
  refused(small(), /its input x is float32 \[2\], not uint8 \[2\]/, input('x', [2], 'uint8'))
  refused(small({ input: [{ name: 'x', type: float }, { name: 'z', type: float }] }), /it has 2 inputs, not one: x, z/, integers([1]))
})

t.test('a float16 input reads float32, converted', async t => {
  const half = tensorType(DataType.FLOAT16, [2n])
  const c = { name: 'c', dims: [2n], dataType: DataType.FLOAT16, int32Data: [0x3c00, 0x4000] }
  const bytes = small({ input: [{ name: 'x', type: half }], output: [{ name: 'y', type: half }], initializer: [c] })
  const { outputs } = fromOnnx(bytes, { input: input('x', [2]) })
  const { y } = await run({ y: op.toFloat(outputs.get('y')!) }, { x: { dims: [2], data: Float32Array.of(0.5, -1) } })
  t.same([...y!.data], [1.5, 1])
})

t.test('Upsample may enlarge, in the form of each version', async t => {
  const upsample = (scales: number[]) => small({ node: [{ opType: 'Upsample', name: 'up', input: ['x'], output: ['y'], attribute: [{ name: 'scales', type: AttributeType.FLOATS, floats: scales }] }] })
  t.equal(fromOnnx(upsample([1, 2])).nodes.length, 1)
  t.throws(() => fromOnnx(upsample([1, 0.5])), { name: 'OnnxError', message: /node up \(Upsample\) shrinks its input/ })
  const computed = small({ node: [{ opType: 'Neg', input: ['c'], output: ['s'] }, { opType: 'Upsample', input: ['x', 's'], output: ['y'] }] })
  t.equal(fromOnnx(computed).nodes.length, 2, 'scales that are not constant')
})

t.test('damaged files are read or refused, nothing else', async t => {
  const random = seeded('onnx')
  const bytes = Buffer.from(toOnnx({ outputs: new Map(Object.entries(various())) }))
  let refused = 0
  for (let i = 0; i < 500; i++) {
    const damaged = mutate(bytes, random)
    try {
      fromOnnx(damaged.bytes)
    } catch (error) {
      refused++
      t.equal((error as Error).name, 'OnnxError', damaged.story)
    }
  }
  t.ok(refused > 100)
})
