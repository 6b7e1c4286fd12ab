import t from 'tap'
import { NetworkError } from '../../../nn/errors.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { quantize, type Ranges } from '../../../nn/passes/quantize.ts'
import { madeBy } from '../../../nn/passes/rewrite.ts'
import { floats, type Tensor } from '../../../nn/tensor.ts'
import { kernelBits } from '../../../models/cpu-flags.ts'
import { KINDS, wrongSums } from '../../support/exact-sums.ts'
import { IMAGE, numbers, operators } from '../../support/passes.ts'
import { maxDifference, run } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const RANGES: Ranges = { x: [-2, 2], a: [-6, 6], b: [-12, 12] }
const STEP = 12 / 255
const feed = { x: { dims: IMAGE.shape as number[], data: seededFloats('x', 8 * 144, u => 4 * u - 2) } }
const a = op.conv(IMAGE, floats([8, 8, 1, 1], numbers('a', 64).map(value => value / 2)), floats([8], numbers('bias', 8)))

async function stepsOff (y: Tensor, names: Record<string, Tensor>): Promise<number> {
  const quantized = quantize(RANGES)({ outputs: new Map([['y', y]]), names: new Map(Object.entries(names)) })
  const [expected, found] = await Promise.all([{ y }, Object.fromEntries(quantized.outputs)].map(outputs => run(outputs, feed)))
  return maxDifference(expected!['y']!.data, found!['y']!.data) / STEP
}

t.test('values are those of the float graph but for a few steps', async t => {
  t.ok(await stepsOff(a, { a }) < 2, 'convolution')
  t.ok(await stepsOff(op.leakyRelu(a, 0.1), { a }) < 2, 'leaky ReLU')
  t.ok(await stepsOff(op.channelShuffle(op.concat([a, op.leakyRelu(a, 0.1)]), 2), { a }) < 2, 'channels handed on')
  t.ok(await stepsOff(op.maxPool(a, 3, 2, 1), { a }) < 2, 'the largest')
  const sum = op.add(a, op.maxPool(a, 3, 1, 1))
  t.ok(await stepsOff(sum, { a, b: sum }) < 3, 'sum')
})

t.test('bytes are handed on as they are', t => {
  const y = op.channelShuffle(op.concat([a, op.leakyRelu(a, 0.1)]), 2)
  const { outputs } = quantize(RANGES)({ outputs: new Map([['y', y]]), names: new Map([['a', a]]) })
  const found = operators(outputs.values())
  t.same(found.slice(-3), ['Concat', 'Gather', 'DequantizeLinear'])
  t.notOk(found.includes('LeakyRelu'))
  t.end()
})

t.test('outputs and names inside are float', t => {
  const graph = { outputs: new Map([['y', op.leakyRelu(a, 0.1)]]), names: new Map([['a', a]]) }
  const { outputs, names } = quantize(RANGES)(graph)
  t.equal(outputs.get('y')!.type, 'float32')
  t.equal(names!.get('a')!.type, 'float32')
  t.equal(names!.get('a#bytes')!.type, 'uint8')
  t.ok(toOnnx({ outputs, names: names! }).length > 0)
  t.end()
})

t.test('pieces of a value have the range of all of it, unless they have their own', t => {
  const scaleOf = (ranges: Ranges): unknown => {
    const { outputs } = quantize(ranges)({ outputs: new Map([['y', a]]), names: new Map([['a#1', a]]) })
    return madeBy('DequantizeLinear', outputs.get('y'))!.inputs[1]!.source
  }
  t.same(scaleOf(RANGES), scaleOf({ x: [-2, 2], 'a#1': [-6, 6], a: [-1, 1] }))
  t.end()
})

t.test('a missing range is named', t => {
  t.throws(() => quantize({ x: [-2, 2] })({ outputs: new Map([['y', a]]), names: new Map([['a', a]]) }),
    new NetworkError('int8: no range for a; the calibration table belongs to another model or version'))
  t.end()
})

t.test('sums are exact with seven bits, and with as many as this machine\'s processor takes', async t => {
  for (const kind of KINDS) {
    t.equal(await wrongSums(kind, 7), 0, `${kind}, seven bits`)
    t.equal(await wrongSums(kind, kernelBits()), 0, kind)
  }
})
