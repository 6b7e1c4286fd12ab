import t from 'tap'
import { expand, sumOut, unbroadcast, zerosLike } from '../../../nn/gradients/broadcasting.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { run } from '../../support/run.ts'

const x = floats([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))

t.test('sums over what was repeated', async t => {
  t.same(sumOut(x, [0]).shape, [3])
  t.equal(unbroadcast(x, [2, 3]), x)
  const sums = { rows: unbroadcast(x, [2, 1]), columns: unbroadcast(x, [3]), all: unbroadcast(x, []), one: unbroadcast(x, [1, 1]) }
  const found = await run(sums, {})
  t.same(Object.values(found).map(({ dims, data }) => [dims, [...data]]),
    [[[2, 1], [6, 15]], [[3], [5, 7, 9]], [[], [21]], [[1, 1], [21]]])
})

t.test('expand and zerosLike', async t => {
  const found = await run({ expanded: expand(floats([1, 2], Float32Array.of(1, 2)), [2, 2]), zeros: zerosLike(x) }, {})
  t.same([...found['expanded']!.data], [1, 2, 1, 2])
  t.same([...found['zeros']!.data], [0, 0, 0, 0, 0, 0])
  t.throws(() => zerosLike(input('x', ['N', 2])), { name: 'ShapeError' })
})
