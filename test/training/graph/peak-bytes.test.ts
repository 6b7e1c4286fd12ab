import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { peakBytes } from '../../../training/graph/peak-bytes.ts'

const x = input('x', [2, 100])

t.test('a value is freed after its last reader', async t => {
  const first = op.relu(x)
  const second = op.sigmoid(first)
  const third = op.relu(second)
  t.equal(peakBytes([third]), 800 * 3) // x, and the second with the first or the third
  t.equal(peakBytes([op.add(third, first)]), 800 * 4) // the first stays
})

t.test('inputs, constants and outputs stay', async t => {
  const y = op.mul(x, floats([100], new Float32Array(100)))
  t.equal(peakBytes([y]), 800 + 400 + 800)
  t.equal(peakBytes([y, op.relu(y)]), 800 + 400 + 800 + 800)
})

t.test('a change of shape takes no memory', async t => {
  const flat = op.reshape(op.relu(x), [200])
  t.equal(peakBytes([op.sigmoid(flat)]), 800 * 3 + 8)
})

t.test('an output that nothing reads is freed at once', async t => {
  const [, right] = op.split(x, [40, 60])
  t.equal(peakBytes([op.relu(right!)]), 800 + 16 + 2 * 480)
})

t.test('types have sizes', async t => {
  t.equal(peakBytes([op.toFloat(input('x', [100], 'uint8'))]), 100 + 400)
})
