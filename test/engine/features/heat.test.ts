import t from 'tap'
import { blend, rangeOnPhoto, spread } from '../../../engine/features/heat.ts'
import { maxDifference } from '../../support/run.ts'

const INPUT = { width: 8, height: 8 }
const warp = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0, canvas: INPUT, padded: INPUT }
const grid = (map: number[], stride: number) => ({ map: Float32Array.from(map), mapWidth: 2, mapHeight: 2, stride, warp })

t.test('between the centers of cells it is bilinear, beyond them it stays', async t => {
  const heat = spread(grid([0, 4, 8, 12], 4), INPUT, INPUT)
  const x = [0, 0, 0, 1, 2, 3, 4, 4] // centres at input pixels 2 and 6
  t.ok(maxDifference(heat, x.flatMap(y => x.map(value => 2 * y + value))) < 1e-6)
})

t.test('shown at another size it is the same, pixel center by pixel center', async t => {
  const shown = spread(grid([0, 4, 8, 12], 4), INPUT, { width: 16, height: 16 })
  const at = (x: number, y: number) => Math.min(Math.max(x - 2, 0), 4) + 2 * Math.min(Math.max(y - 2, 0), 4)
  for (const [x, y] of [[3, 0], [7, 7], [8, 5], [15, 12]] as const) {
    t.ok(Math.abs(shown[y * 16 + x]! - at((x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5)) < 1e-6, `${x}, ${y}`)
  }
})

t.test('padding is not a neighbor', async t => {
  const photo = { width: 8, height: 4 }
  const heat = spread({ ...grid([100, 100, 1, 1], 4), warp: { ...warp, offsetY: 4 } }, photo, photo)
  t.ok(heat.every(value => value === 1))
})

t.test('the photo is gray where the map is low and colored where it is high', async t => {
  const photo = { width: 3, height: 1, data: Uint8Array.of(200, 0, 0, 200, 0, 0, 200, 0, 0) }
  const { data, width, height } = blend(photo, Float32Array.of(0, 10, NaN), { min: 0, max: 10 }, 1)
  t.same([width, height], [3, 1])
  t.same([...data.subarray(3)], [252, 255, 164, 0, 255, 255], 'at full strength only the colour')
  t.ok(data[0] === data[1] && data[0]! > 20 && data[2]! - data[1]! <= 2)
  const none = blend(photo, Float32Array.of(0, 10, NaN), { min: 0, max: 10 }, 0)
  t.ok(none.data.every(value => value === none.data[0]), 'at no strength only grey')
})

t.test('colors cover the values on the photo, not those of the padding', async t => {
  const onPhoto = rangeOnPhoto({ ...grid([100, 100, 1, 3], 4), warp: { ...warp, offsetY: 4 } }, { width: 8, height: 4 })
  t.same(onPhoto, { min: 1, max: 3, isCut: false })
})
