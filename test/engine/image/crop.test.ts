import sharp from 'sharp'
import t from 'tap'
import { cropBoxes } from '../../../engine/image/crop.ts'
import { discPhoto } from '../../support/disc.ts'

t.test('boxes are cut out of the upright photo', async t => {
  const bytes = await discPhoto({ width: 80, height: 60 }, 6, { x: 60, y: 20, radius: 8 })
  const crops = await cropBoxes(bytes, [[52.4, 12, 68, 28], [0, 0, 20, 20], [70, 50, 99, 99], [79.9, 59.9, 80, 60], [10, 10, 10, 10]], 1e6)
  const sizes = await Promise.all(crops.map(async crop => {
    const { format, width, height } = await sharp(crop).metadata()
    return [format, width, height]
  }))
  t.same(sizes, [['jpeg', 16, 16], ['jpeg', 20, 20], ['jpeg', 10, 10], ['jpeg', 1, 1], ['jpeg', 1, 1]])
  const means = await Promise.all(crops.slice(0, 2).map(async crop => (await sharp(crop).stats()).channels[0]!.mean))
  t.ok(means[0]! > 180 && Math.abs(means[1]! - 0x55) < 2, `${means}`)
})

t.test('a photo without boxes is not decoded', async t => {
  t.same(await cropBoxes(Buffer.from('no photo'), [], 1e6), [])
  await t.rejects(cropBoxes(Buffer.from('no photo'), [[0, 0, 1, 1]], 1e6), { name: 'ImageError' })
})
