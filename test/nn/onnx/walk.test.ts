import t from 'tap'
import { nodesBehind } from '../../../nn/onnx/walk.ts'
import * as op from '../../../nn/ops.ts'
import { input } from '../../../nn/tensor.ts'

t.test('nodes come behind all that they read from', async t => {
  const x = input('x', [1, 4, 2, 2])
  const shared = op.relu(x)
  const [left, right] = op.split(shared, [2, 2])
  const y = op.concat([op.sigmoid(right!), left!])
  t.same(nodesBehind([y, shared]).map(node => node.op), ['Relu', 'Split', 'Sigmoid', 'Concat'])
})

t.test('a chain may be long, and its ends may meet again and again', async t => {
  const x = input('x', [1])
  let y = x
  for (let i = 0; i < 50_000; i++) y = op.add(y, y)
  t.equal(nodesBehind([y]).length, 50_000)
})

t.test('an input has no node behind it', async t => {
  t.same(nodesBehind([input('x', [1])]), [])
})
