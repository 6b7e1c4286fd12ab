import t from 'tap'
import { floats, input, integers, scalar } from '../../nn/tensor.ts'

t.test('constants hold their data', async t => {
  t.same(integers([1, -1]).source, { kind: 'constant', data: BigInt64Array.of(1n, -1n) })
  t.same(scalar(0.5).shape, [])
  t.same(floats([2], Float32Array.of(1, 2), 'bias').source, { kind: 'constant', data: Float32Array.of(1, 2), name: 'bias' })
})

t.test('axes', async t => {
  const x = input('x', [1, 3, 'H', 'W'])
  t.equal(x.rank, 4)
  t.equal(x.channels, 3)
  t.equal(x.dim(-1), 'W')
})
