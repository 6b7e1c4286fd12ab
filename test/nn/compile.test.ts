import t from 'tap'
import { compileOutputs } from '../../nn/compile.ts'
import { fromOnnx } from '../../nn/onnx/from-onnx.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import { conv2d, batchNorm, sequential } from '../../nn/layers.ts'
import { relu } from '../../nn/activations.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { runOnnx } from '../support/run.ts'

const ones = {
  folded: false,
  get: (_name: string, shape: readonly (number | string)[]) =>
    new Float32Array(shape.reduce<number>((size, dim) => size * Number(dim), 1)).fill(1)
}

function network () {
  const scope = Scope.root(ones)
  const image = input('image', [1, 1, 2, 2])
  return { y: scope.apply('block', sequential(conv2d(1, 1), batchNorm(0), relu), image), names: scope.taps }
}

t.test('compiles what outputs depend on, with passes or without', async t => {
  const feeds = { image: { data: Float32Array.of(1, -2, 3, 0), dims: [1, 1, 2, 2] } }
  const { y, names } = network()
  const operators = (onnx: Uint8Array) => topologicalOrder(fromOnnx(onnx).outputs.values()).map(({ op }) => op)
  const [plain, fast] = [compileOutputs({ y }, { passes: [], names }), compileOutputs({ y }, { metadata: { author: 'me' } })]
  t.ok(operators(plain).includes('BatchNormalization'))
  t.notOk(operators(fast).includes('BatchNormalization'), 'it is folded')
  for (const onnx of [plain, fast]) t.same((await runOnnx(onnx, feeds)).y?.data, Float32Array.of(1, 0, 3, 0))
})
