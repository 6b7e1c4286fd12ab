import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, scalar, type Attribute, type Tensor } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'
import { run } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const DIMS = [2, 3, 4, 5]
const x = input('x', DIMS)
const wide = op.mul(x, scalar(3)) // −6 … 6

const activation = (name: string, x: Tensor, attributes: Record<string, number> = {}): Tensor =>
  node(name, [x], DIMS, Object.fromEntries(Object.entries(attributes).map(([key, float]): [string, Attribute] => [key, { float }])))

const CASES: Readonly<Record<string, Tensor>> = {
  Relu: op.relu(x),
  LeakyRelu: op.leakyRelu(x, 0.1),
  'LeakyRelu with its own slope': activation('LeakyRelu', x),
  ReLU6: op.clip(wide, scalar(0), scalar(5)),
  'Clip below': node('Clip', [x, scalar(-0.3)], DIMS),
  'Clip above': node('Clip', [x, undefined, scalar(0.7)], DIMS),
  'Clip without bounds': node('Clip', [x], DIMS),
  Sigmoid: op.sigmoid(wide),
  HardSigmoid: op.hardSigmoid(wide),
  'HardSigmoid as ONNX has it': activation('HardSigmoid', wide),
  HardSwish: op.hardSwish(wide),
  Elu: op.elu(x),
  'Elu with another depth': activation('Elu', x, { alpha: 0.5 }),
  Selu: op.selu(x),
  'Selu with other numbers': activation('Selu', x, { alpha: 0.5, gamma: 2 }),
  Erf: op.erf(x),
  Softplus: activation('Softplus', x),
  Tanh: activation('Tanh', x),
  Softmax: op.softmax(x),
  'Softmax of channels': op.softmax(x, 1),
  LogSoftmax: activation('LogSoftmax', x),
  'LogSoftmax of channels': node('LogSoftmax', [x], DIMS, { axis: 1 })
}

for (const [name, y] of Object.entries(CASES)) t.test(name, async t => { await checkGradients(t, [y], { x }, { entries: 20 }) })

t.test('PRelu, with one slope and with one per channel', async t => {
  for (const dims of [[1], [3, 1, 1]]) {
    const slope = floats(dims, seededFloats('slope', dims[0]!, u => u - 0.3))
    await checkGradients(t, [op.prelu(x, slope)], { x, slope }, { entries: 20 })
  }
})

/** The derivatives of an activation at some places. */
async function derivatives (make: (x: Tensor) => Tensor, at: readonly number[]): Promise<number[]> {
  const x = input('x', [at.length])
  const [gx] = gradients([make(x)], [floats([at.length], new Float32Array(at.length).fill(1))], [x])
  const { y } = await run({ y: gx! }, { x: { dims: [at.length], data: Float32Array.from(at) } })
  return [...y!.data].map(value => Number(value.toFixed(5)))
}

t.test('at the bends, the derivatives are PyTorch\'s', async t => {
  const tiny = 1e-20
  t.same(await derivatives(op.relu, [-tiny, 0, tiny]), [0, 0, 1])
  t.same(await derivatives(x => op.leakyRelu(x, 0.1), [-1, 0, tiny]), [0.1, 0.1, 1])
  t.same(await derivatives(x => op.clip(x, scalar(0), scalar(6)), [0, tiny, 6 - 1e-6, 6, 7]), [0, 1, 1, 0, 0])
  t.same(await derivatives(x => op.clip(x, scalar(-0.1), scalar(0.3)), [-0.1, 0.1, 0.3].map(Math.fround)), [0, 1, 0])
  t.same(await derivatives(op.hardSigmoid, [-3, 0, 3]), [0, 0.16667, 0])
  t.same(await derivatives(op.hardSwish, [-3, 0, 3, 4]), [0, 0.5, 1, 1])
})

t.test('bounds that are computed have no gradient', async t => {
  const y = op.clip(x, op.relu(scalar(1)), scalar(2))
  t.throws(() => gradients([y], [x], [x]), { message: 'gradients of Clip need constant bounds' })
})
