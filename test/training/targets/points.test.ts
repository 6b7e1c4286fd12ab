import t from 'tap'
import { REGISTRY } from '../../../models/registry.ts'
import { pointsOf } from '../../../training/targets/points.ts'

t.test('points run level by level, row by row, in their cells\' centers', async t => {
  const { x, y, strides, levels } = pointsOf({ ...REGISTRY.get('nanodet-m')!, input: { width: 64, height: 32 } })
  t.same(levels, [
    { first: 0, columns: 8, rows: 4, stride: 8 },
    { first: 32, columns: 4, rows: 2, stride: 16 },
    { first: 40, columns: 2, rows: 1, stride: 32 }
  ])
  t.same([x.length, y.length, strides.length], [42, 42, 42])
  t.same([x[0], y[0], strides[0]], [4, 4, 8])
  t.same([x[9], y[9]], [12, 12])
  t.same([x[41], y[41], strides[41]], [48, 16, 32])
})

t.test('NanoDet-Plus\'s are at the corners of their cells, and there is one level more', async t => {
  const { x, y, levels } = pointsOf({ ...REGISTRY.get('nanodet-plus-m-320')!, input: { width: 64, height: 64 } })
  t.same(levels.map(({ columns, rows }) => columns * rows), [64, 16, 4, 1])
  t.same([x[1], y[1]], [8, 0])
})

t.test('input that is padded has points there, too', async t => {
  const { levels } = pointsOf({ ...REGISTRY.get('nanodet-m')!, input: { width: 70, height: 32 } })
  t.same(levels.map(({ columns, rows }) => columns * rows), [48, 12, 3])
})
