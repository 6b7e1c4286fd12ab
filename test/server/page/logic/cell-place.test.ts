import t from 'tap'
import { inputPoint, placeOf } from '../../../../server/page/logic/cell-place.ts'

const grid = {
  image: { width: 640, height: 320 },
  input: { width: 320, height: 320 },
  warp: { scale: [0.5, 0.5], pad: [0, 80] },
  levels: [{ stride: 8, width: 40, height: 40 }, { stride: 16, width: 20, height: 20 }],
  offset: 0.5
} as const

t.test('a cell is a square around its point', async t => {
  t.same(placeOf(grid, { level: 1, column: 2, row: 6 }), { square: [64, 32, 96, 64], point: [80, 48], size: [32, 32] })
})

t.test('the square ends at the photo; a point at the corner of its cell', async t => {
  t.same(placeOf({ ...grid, offset: 0 }, { level: 1, column: 0, row: 4 }), { square: [0, 0, 32, 0], point: [0, -32], size: [32, 32] })
})

t.test('the point in the input', async t => t.same(inputPoint(grid, { level: 0, column: 1, row: 2 }), [12, 20]))
