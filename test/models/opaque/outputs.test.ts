import t from 'tap'
import { asFloats, groupsOf, inWords, pointOutputs, pointsOf, total } from '../../../models/opaque/outputs.ts'
import { UNKNOWN_SHAPE, type Shape } from '../../../nn/dim.ts'
import { input } from '../../../nn/tensor.ts'

const outputs = (...shapes: Shape[]) => pointOutputs(shapes.map((shape, i) => input(`y${i}`, shape)))

t.test('points of each level, rounded up', async t => {
  t.same(pointsOf({ width: 96, height: 64 }, [8, 16, 32, 64]), [96, 24, 6, 2])
  t.equal(total([96, 24, 6]), 126)
})

t.test('outputs with and without a batch axis', async t => {
  const found = outputs([1, 10, 4], ['N', 10, 4], [10, 4], [2, 10, 4], [1, 'points', 4], [1, 4], [1, 3, 8, 8], UNKNOWN_SHAPE)
  t.same(found.map(({ tensor, points, values }) => [tensor.shape, points, values]), [
    [[1, 10, 4], 10, 4], [[1, 10, 4], 10, 4], [[1, 10, 4], 10, 4], [[1, 4], 1, 4]
  ].map(([shape, points, values]) => [(shape as number[]).length === 2 ? [1, 1, 4] : shape, points, values]))
  t.same(pointOutputs([input('n', [1, 10, 4], 'int64')]), [])
})

t.test('floats of any precision come as float32', async t => {
  const half = asFloats(input('x', [1, 10, 4], 'float16'), [1, 10, 4])
  t.match(half, { type: 'float32', shape: [1, 10, 4], source: { node: { op: 'Cast' } } })
  const x = input('x', [1, 10, 4])
  t.equal(asFloats(x, [1, 10, 4]), x)
})

t.test('all points together come before levels', async t => {
  const sizes = (groups: ReturnType<typeof groupsOf>) => groups?.map(group => group.map(({ points }) => points))
  t.same(sizes(groupsOf(outputs([1, 6, 4], [1, 6, 2], [1, 4, 4]), [4, 2])), [[6, 6]])
  t.same(sizes(groupsOf(outputs([1, 2, 4], [1, 4, 4]), [4, 2])), [[4], [2]])
  t.equal(groupsOf(outputs([1, 4, 4]), [4, 2]), undefined)
})

t.test('shapes in words', async t => t.equal(inWords([input('a', [1, 2]), input('b', ['N', 3])]), '[1, 2], [N, 3]'))
