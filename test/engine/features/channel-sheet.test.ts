import sharp from 'sharp'
import t from 'tap'
import { NotAMapError } from '../../../engine/features/array.ts'
import { channelSheet } from '../../../engine/features/channel-sheet.ts'
import { colorize } from '../../../engine/features/color-map.ts'
import { seededFloats } from '../../support/seeded.ts'

const decode = async (png: Buffer) => {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x) * info.channels + 3)]
  return { at, width: info.width, height: info.height }
}
const colorOf = (value: number, min: number, max: number) => [...colorize([value], min, max)]

t.test('tiles stand in the order of variance, cell by cell in the colors of one range', async t => {
  const channels = [[5, 5, 5, 5, 5, 5], [0, 1, 2, 3, 4, 5], [-10, 20, 0, 0, 0, 3]]
  const layer = { name: 'stage', shape: [1, 3, 2, 3], data: Float32Array.from(channels.flat()) }
  const { at, width, height } = await decode(await channelSheet(layer))
  t.same([width, height], [560, 120 + 2 * (68 + 18 + 8) + 8]) // 2 rows of tiles of 3 × 2 cells, 34 pixels each
  const tiles = [[16, 138, 2], [16 + 110, 138, 1], [16, 138 + 94, 0]] as const
  for (const [x, y, channel] of tiles) {
    channels[channel]!.forEach((value, i) => {
      const corner = [x + i % 3 * 34, y + Math.floor(i / 3) * 34] as const
      for (const inset of [0, 17, 33]) t.same(at(corner[0] + inset, corner[1] + inset), colorOf(value, -10, 20), `channel ${channel}, cell ${i}`)
    })
    t.same(at(x + 102, y), [48, 48, 54], 'a gap to the right')
  }
})

t.test('only so many channels are shown, those that vary most', async t => {
  const heightOf = (channel: number) => channel * 37 % 100
  const data = Float32Array.from({ length: 100 * 16 }, (_, i) => i % 2 * heightOf(Math.floor(i / 16)))
  const sheet = { name: 'stage', shape: [1, 100, 4, 4], data }
  const { at, width } = await decode(await channelSheet(sheet, { channels: 4 }))
  t.equal(width, 560)
  const second = 16 + 25 // each tile's second cell
  const shown = [at(second, 138), at(second + 108, 138), at(second, 138 + 126), at(second + 108, 138 + 126), at(second + 216, 138)]
  t.same(shown, [...[99, 98, 97, 96].map(value => colorOf(value, 0, 99)), [48, 48, 54]])
  const { width: all } = await decode(await channelSheet(sheet))
  t.equal(all, 8 * 108 + 24)
})

t.test('large maps are shown as they are, a single cell large', async t => {
  const large = await decode(await channelSheet({ name: 'stem', shape: [1, 1, 120, 608], data: seededFloats('large', 120 * 608, u => u) }))
  t.same([large.width, large.height], [608 + 32, 120 + 18 + 120 + 16])
  const cell = await decode(await channelSheet({ name: 'pool', shape: [1, 1, 1, 1], data: Float32Array.of(3) }))
  t.same([cell.at(16, 138), cell.at(115, 237), cell.at(116, 237)], [[0, 0, 4], [0, 0, 4], [48, 48, 54]])
})

t.test('a channel with NaN comes first, the NaN in cyan', async t => {
  const data = Float32Array.of(0, 100, NaN, 1)
  const { at } = await decode(await channelSheet({ name: 'broken', shape: [1, 2, 1, 2], data }))
  t.same([at(16, 138), at(66, 138)], [[0, 255, 255], colorOf(1, 0, 100)])
})

t.test('the caption has text and the colors', async t => {
  const { at } = await decode(await channelSheet({ name: 'stage', shape: [1, 1, 2, 2], data: Float32Array.of(0, 1, 2, 3) }))
  t.same([at(16, 84), at(543, 84)], [colorOf(0, 0, 1), colorOf(1, 0, 1)])
  const isWritten = (top: number, bottom: number) => {
    const pixels = Array.from({ length: 100 * (bottom - top) }, (_, i) => at(16 + i % 100, top + Math.floor(i / 100)))
    return pixels.some(([red]) => red! > 180)
  }
  t.ok([[14, 32], [36, 52], [56, 70], [96, 112], [122, 136]].every(([top, bottom]) => isWritten(top!, bottom!)), 'name, shape, values, range, channel')
})

t.test('predictions are no map', async t => {
  await t.rejects(channelSheet({ name: 'head', shape: [1, 10, 112], data: new Float32Array(1120) }), NotAMapError)
})
