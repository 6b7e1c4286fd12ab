import t from 'tap'
import { mapTensors, topologicalOrder } from '../../nn/graph.ts'
import * as op from '../../nn/ops.ts'
import { input } from '../../nn/tensor.ts'

t.test('nodes come after all that they read from', async t => {
  const x = input('x', [1, 4, 2, 2])
  const shared = op.relu(x)
  const [left, right] = op.split(shared, [2, 2])
  const y = op.concat([op.sigmoid(right!), left!])
  t.same(topologicalOrder([y, shared]).map(node => node.op), ['Relu', 'Split', 'Sigmoid', 'Concat'])
})

t.test('a chain may be long, and its ends may meet again and again', async t => {
  const x = input('x', [1])
  let y = x
  for (let i = 0; i < 50_000; i++) y = op.add(y, y)
  t.equal(topologicalOrder([y]).length, 50_000)
})

t.test('an input is made by no node', async t => {
  t.same(topologicalOrder([input('x', [1])]), [])
})

t.test('tensors change under their names', async t => {
  const [a, b] = [input('a', [1]), input('b', [1])]
  const changed = mapTensors(new Map([['first', a], ['second', b]]), x => x === a ? b : a)
  t.same([...changed], [['first', b], ['second', a]])
})
