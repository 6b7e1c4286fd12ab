import t from 'tap'
import { readTfjs, type TfjsModel } from '../../../models/checkpoints/tfjs.ts'

/**
 * A graph of a 1×1 convolution 2 → 3 in float32 (numbered 1, and listed first), one 1 → 2 in float16, and a depthwise one behind a Reshape.
 * The reader takes the kind of a convolution from the network's shape, its size from the file; that they agree is checked with the weights.
 */
function tiny (): { model: TfjsModel, bin: Buffer, params: Map<string, number[]> } {
  const conv = (op: string, name: string, kernel: string, bias: string) => [
    { name, op, input: ['x', kernel] }, { name: `${name}/sum`, op: 'AddV2', input: [name, bias] }
  ]
  const constant = (name: string) => ({ name, op: 'Const' })
  const node = [
    ...['shape', 'kb', 'bb', 'ka', 'ba', 'kd', 'bd'].map(constant),
    { name: 'reshaped', op: 'Reshape', input: ['kd'] },
    ...conv('Conv2D', 'g/convolution_1', 'kb', 'bb'),
    ...conv('Conv2D', 'g/convolution', 'ka', 'ba'),
    ...conv('DepthwiseConv2dNative', 'g/depthwise', 'reshaped', 'bd')
  ]
  const half = { quantization: { dtype: 'float16' } }
  const weights = [
    { name: 'shape', shape: [2], dtype: 'int32' as const },
    { name: 'kb', shape: [1, 1, 2, 3], dtype: 'float32' as const }, { name: 'bb', shape: [3], dtype: 'float32' as const },
    { name: 'ka', shape: [1, 1, 1, 2], dtype: 'float32' as const, ...half },
    { name: 'ba', shape: [1, 1, 1, 2], dtype: 'float32' as const, ...half },
    { name: 'kd', shape: [1, 2, 2, 1], dtype: 'float32' as const }, { name: 'bd', shape: [2], dtype: 'float32' as const }
  ]
  const bin = Buffer.concat([
    Buffer.alloc(8), floats(1, 2, 3, 4, 5, 6), floats(7, 8, 9),
    halves(0x3c00, 0xc000), halves(0x3800, 0x0000), floats(1, 2, 3, 4), floats(5, 6)
  ])
  const params = new Map([['a.weight', [2, 2, 1, 1]], ['a.bias', [2]], ['b.weight', [3, 2, 1, 1]], ['d.weight', [2, 1, 1, 2]]])
  return { model: { modelTopology: { node }, weightsManifest: [{ weights }] }, bin, params }
}

const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer)
const halves = (...bits: number[]): Buffer => Buffer.from(Uint16Array.from(bits).buffer)

t.test('convolutions get their names back, and PyTorch\'s order of axes', async t => {
  const { model, bin, params } = tiny()
  const { folded, parameters } = readTfjs(model, bin, params)
  t.ok(folded)
  t.same([...parameters.keys()], ['a.weight', 'a.bias', 'b.weight', 'b.bias', 'd.weight', 'd.bias'])
  t.same(parameters.get('a.weight'), { shape: [2, 1, 1, 1], data: Float32Array.of(1, -2) })
  t.same(parameters.get('a.bias'), { shape: [2], data: Float32Array.of(0.5, 0) })
  t.same(parameters.get('b.weight'), { shape: [3, 2, 1, 1], data: Float32Array.of(1, 4, 2, 5, 3, 6) })
  t.same(parameters.get('b.bias'), { shape: [3], data: Float32Array.of(7, 8, 9) })
  t.same(parameters.get('d.weight'), { shape: [2, 1, 1, 2], data: Float32Array.of(1, 3, 2, 4) })
})

t.test('a graph of another network is refused', async t => {
  const { model, bin, params } = tiny()
  const more = new Map([...params, ['e.weight', [2, 2, 1, 1]]])
  const fewer = new Map([...params].slice(0, 1))
  t.throws(() => readTfjs(model, bin, more), { message: /no convolution is left for e\.weight/ })
  t.throws(() => readTfjs(model, bin, fewer), { message: /more convolutions than the network/ })
  t.throws(() => readTfjs(model, bin.subarray(0, 40), params), { message: /the weights file ends before/ })
  model.modelTopology.node.find(({ name }) => name === 'g/depthwise')!.input!.pop()
  t.throws(() => readTfjs(model, bin, params), { message: /g\/depthwise lacks a constant kernel or bias/ })
})
