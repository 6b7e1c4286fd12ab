import t from 'tap'
import { Layout } from '../../training/layout.ts'

const layout = new Layout({
  parameters: [{ name: 'conv.weight', shape: [2, 3, 1, 1] }, { name: 'conv.bias', shape: [2] }],
  norms: [{ path: 'bn', channels: 2, count: 8 }]
})

t.test('parameters come first, then the running statistics of each norm', async t => {
  t.equal(layout.trained, 8)
  t.equal(layout.size, 12)
  t.same(layout.names, ['conv.weight', 'conv.bias', 'bn.running_mean', 'bn.running_var'])
  t.same(layout.shapeOf('conv.weight'), [2, 3, 1, 1])
})

t.test('a view is a part of the array', async t => {
  const flat = Float32Array.from({ length: 12 }, (_, i) => i)
  t.same([...layout.view(flat, 'bn.running_mean')], [8, 9])
  layout.view(flat, 'conv.bias').fill(-1)
  t.same([...flat.subarray(5, 9)], [5, -1, -1, 8])
})
