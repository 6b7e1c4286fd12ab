import { fromBinary } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import t from 'tap'
import { toOnnx, OPSET } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'
import { run } from '../../support/run.ts'

const x = input('x', ['N', 2, 'H', 'W'])
const graphOf = (outputs: Record<string, Tensor>, names = new Map<string, Tensor>()) =>
  fromBinary(ModelProtoSchema, toOnnx({ outputs: new Map(Object.entries(outputs)), names })).graph!

t.test('only dependencies of outputs are written, each once', async t => {
  const weight = floats([2, 1, 1], Float32Array.of(1, 2), 'weight')
  const y = op.relu(op.add(op.flatten(x, 2, 3), floats([1], Float32Array.of(1))))
  op.add(x, weight) // no output needs it
  const graph = graphOf({ y: op.add(y, y) })
  t.same(graph.node.map(node => node.opType), ['Reshape', 'Add', 'Relu', 'Add'])
  t.same(graph.initializer.length, 2)
  t.same(graph.input.map(({ name }) => name), ['x'])
})

t.test('outputs of any origin keep exactly their names', async t => {
  const y = op.relu(x)
  const graph = graphOf({ input: x, y, again: y })
  t.same(graph.output.map(({ name }) => name), ['input', 'y', 'again'])
  t.same(graph.node.map(node => [node.opType, node.output[0]]), [['Identity', 'input'], ['Relu', 'y'], ['Identity', 'again']])
})

t.test('inner tensors get the wanted names, once and never an output\'s', async t => {
  const y = op.relu(x)
  const z = op.sigmoid(y)
  const graph = graphOf({ y: z }, new Map([['stem', y], ['stem.0', y], ['y', y], ['x', x]]))
  t.same(graph.node.map(node => node.output[0]), ['stem', 'y'])
  t.same(graph.node.map(node => node.name), ['stem', 'y'])
})

t.test('named sizes stay', async t => {
  const { y } = await run({ y: op.relu(x) }, { x: { dims: [1, 2, 1, 3], data: Float32Array.of(-1, 2, -3, 4, -5, 6) } })
  t.same([...y!.data], [0, 2, 0, 4, 0, 6])
  const dim = graphOf({ y: op.relu(x) }).input[0]!.type!.value
  t.match(dim, { case: 'tensorType', value: { shape: { dim: [{ value: { value: 'N' } }, { value: { value: 2n } }, {}, {}] } } })
})

t.test('the file has its metadata', async t => {
  const model = fromBinary(ModelProtoSchema, toOnnx({ outputs: new Map([['y', op.relu(x)]]) }))
  t.equal(model.irVersion, 8n)
  t.equal(model.opsetImport[0]!.version, BigInt(OPSET))
  t.equal(model.producerName, 'nanodet-server')
})
