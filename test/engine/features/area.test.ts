import t from 'tap'
import { cellAt, cellsOf, photoArea, wholeArea } from '../../../engine/features/area.ts'
import { warpFor, type ResizeMode } from '../../../models/resize-mode.ts'

const INPUT = { width: 416, height: 416 }
const MAP = { width: 13, height: 13 }

t.test('the center of cell j is at (j + 0.5) · stride', async t => {
  t.strictSame([16, 48, 0, 400].map(pixel => cellAt(pixel, 32)), [0, 1, -0.5, 12])
})

t.test('a letterboxed photo has the cells whose centers it covers', async t => {
  const area = (width: number, height: number, resizeMode: ResizeMode = 'letterbox') =>
    photoArea({ width, height }, warpFor(resizeMode, { width, height }, INPUT), 32, MAP)
  t.same(area(700, 700), wholeArea(MAP))
  t.same(area(800, 400), { left: 0, right: 13, top: 3, bottom: 10 }) // rows of input pixels 104 … 312
  t.same(area(400, 800), { left: 3, right: 10, top: 0, bottom: 13 })
  t.same(area(800, 400, 'stretch'), wholeArea(MAP))
})

t.test('a photo of one line still has a row of cells', async t => {
  const photo = { width: 2000, height: 1 }
  t.same(photoArea(photo, warpFor('letterbox', photo, INPUT), 32, MAP), { left: 0, right: 13, top: 6, bottom: 7 })
  const warp = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0, canvas: INPUT, padded: INPUT }
  t.same(photoArea({ width: 1, height: 1 }, warp, 32, MAP), { left: 0, right: 1, top: 0, bottom: 1 })
})

t.test('cells are counted row by row', async t => {
  t.same([...cellsOf({ left: 1, right: 3, top: 2, bottom: 4 }, 5)], [11, 12, 16, 17])
  t.same([...cellsOf(wholeArea({ width: 2, height: 2 }), 2)], [0, 1, 2, 3])
})
