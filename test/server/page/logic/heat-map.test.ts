import t from 'tap'
import { COLORS } from '../../../../engine/features/color-map.ts'
import {
  cellBox, cellValueAt, fitted, heatPixels, photoCells, photoRange, type Alignment
} from '../../../../server/page/logic/heat-map.ts'

/** A photo of 100×50 in the middle of an input of 64×64: scaled to 64×32, with 16 pixels above and below. */
const alignment: Alignment = {
  image: { width: 100, height: 50 },
  input: { width: 64, height: 64 },
  warp: { scale: [0.64, 0.64], pad: [0, 16] }
}
const map = { name: 'p4', stride: 16, width: 4, height: 4, data: Float32Array.from({ length: 16 }, (_, i) => i) }

t.test('colors cover the cells on the photo', async t => {
  t.same(photoCells(alignment, map), { left: 0, top: 1, right: 4, bottom: 3 })
  t.same(photoRange(alignment, map), { min: 4, max: 11, isCut: false })
})

t.test('pixels go from the first color, faint, to the last, opaque', async t => {
  const rgba = heatPixels(alignment, map, { min: 4, max: 11, isCut: false }, { width: 100, height: 50 })
  t.equal(rgba.length, 100 * 50 * 4)
  t.same([...rgba.subarray(0, 4)], [...COLORS.subarray(0, 3), 76])
  t.same([...rgba.subarray(-4)], [...COLORS.subarray(255 * 3, 256 * 3), 255])
})

t.test('finds the cell below a point of the photo, and its place', async t => {
  t.same(cellValueAt(alignment, map, 0, 0), { column: 0, row: 1, value: 4 })
  t.same(cellValueAt(alignment, map, 99.9, 49.9), { column: 3, row: 2, value: 11 })
  t.same(cellValueAt(alignment, map, 26, 24), { column: 1, row: 1, value: 5 })
  t.equal(cellValueAt(alignment, map, 101, 20), undefined)
  t.equal(cellValueAt(alignment, map, -1, 20), undefined)
  t.same(cellBox(alignment, 16, { column: 1, row: 1 }), [25, 0, 50, 25])
})

t.test('fits a size', async t => {
  t.same(fitted({ width: 2000, height: 10 }, 100), { width: 100, height: 1 })
  t.same(fitted({ width: 20, height: 10 }, 100), { width: 20, height: 10 })
})
