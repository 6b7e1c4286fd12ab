import sharp from 'sharp'
import t from 'tap'
import { readImages } from '../../../bench/soak/images.ts'
import { photo } from '../../support/files.ts'

t.test('photos of a folder, and what broken clients make of them', async t => {
  const folder = t.testdir({ 'b.jpg': photo('sample1.jpg'), 'a.JPEG': photo('sample-me.jpg'), 'c.txt': 'text' })
  const { photo: photos, garbage, truncated, huge } = await readImages(folder)
  t.same(photos, [photo('sample-me.jpg'), photo('sample1.jpg')])
  t.same(truncated.map(({ length }) => length), photos.map(({ length }) => Math.floor(length / 2)))
  await t.rejects(sharp(garbage[0]).metadata())
  const [png, jpeg] = huge
  t.match(await sharp(png, { limitInputPixels: false }).metadata(), { format: 'png', width: 16_000, height: 16_000 })
  t.ok(png!.length < 750_000)
  await t.rejects(sharp(jpeg).metadata(), /65500 pixels/)
})

t.test('without a folder, those of the package that the weights come from', async t => {
  t.ok((await readImages()).photo.length > 5)
})
