import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { concatBytes } from '../../../nn/passes/concat-bytes.ts'
import { quantize } from '../../../nn/passes/quantize.ts'
import { floats, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers, operators } from '../../support/passes.ts'
import { run } from '../../support/run.ts'
import { seededFloats } from '../../support/seeded.ts'

const conv = (name: string): Tensor => op.conv(IMAGE, floats([8, 8, 1, 1], numbers(name, 64)))
const [a, b] = [conv('a'), conv('b')]
const quantized = (y: Tensor): Map<string, Tensor> =>
  new Map(quantize({ x: [-2, 2], a: [-6, 6], b: [-1, 9] })({ outputs: new Map([['y', y]]), names: new Map([['a', a], ['b', b]]) }).outputs)
const rows = (x: Tensor): Tensor => op.reshape(x, [1, 16, 72])
const feed = { x: { dims: IMAGE.shape as number[], data: seededFloats('x', 8 * 144, u => 4 * u - 2) } }

t.test('bytes of several scales are concatenated, and read as exactly the floats they were', async t => {
  const before = quantized(op.concat([rows(a), rows(b)]))
  const { outputs: after } = concatBytes({ outputs: before })
  t.same(operators(after.values()).slice(-2), ['Concat', 'DequantizeLinear'])
  t.equal(operators(after.values()).filter(name => name === 'DequantizeLinear').length, operators(before.values()).filter(name => name === 'DequantizeLinear').length - 1)
  const [expected, found] = await Promise.all([before, after].map(outputs => run(Object.fromEntries(outputs), feed)))
  t.same(found!['y'], expected!['y'])
})

t.test('floats are concatenated as they were', t => {
  for (const y of [op.concat([rows(a), rows(op.sigmoid(b))]), op.concat([rows(op.sigmoid(a)), rows(op.sigmoid(b))])]) {
    const before = quantized(y)
    t.same(concatBytes({ outputs: before }).outputs, before)
  }
  t.end()
})
