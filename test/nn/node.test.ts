import t from 'tap'
import { node, nodes } from '../../nn/node.ts'
import { input } from '../../nn/tensor.ts'

const x = input('x', [3])

t.test('outputs know the node they come from, and it knows them', async t => {
  const [values, indices] = nodes('TopK', [x, undefined], [[[2], 'float32'], [[2], 'int64']], { axis: 0 })
  t.same([values!.type, indices!.type], ['float32', 'int64'])
  t.match(indices!.source, { kind: 'node', node: { op: 'TopK', inputs: [x, undefined], attributes: { axis: 0 }, outputs: [values, indices] } })
})

t.test('one output is a float32 one', async t => {
  t.match(node('Relu', [x], [3]), { shape: [3], type: 'float32', source: { node: { op: 'Relu', attributes: {} } } })
  t.equal(node('Shape', [x], [1], {}, 'int64').type, 'int64')
})
