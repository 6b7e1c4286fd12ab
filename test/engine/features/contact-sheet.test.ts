import t from 'tap'
import sharp from 'sharp'
import { contactSheet } from '../../../engine/features/contact-sheet.ts'
import { photo } from '../../support/files.ts'

const OPTIONS = { title: 'A sheet', maxPixels: 1e7 }
const tile = (color: string, lines: string[] = []) => ({ read: async () => photo('sample-me.jpg'), color, lines })

t.test('tiles with frames, row by row', async t => {
  const sheet = await contactSheet([tile('#00ff00', ['cat 0.97']), tile('#ff0000', ['a very long label of a class', 'is dog']), tile('#0000ff')], OPTIONS)
  const { data, info } = await sharp(sheet).raw().toBuffer({ resolveWithObject: true })
  t.match(info, { width: 640, height: 48 + 2 * 204 + 16, channels: 3 })
  const pixel = (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
  const isNear = (x: number, y: number, [r, g, b]: number[]) => pixel(x, y).every((value, i) => Math.abs(value - [r!, g!, b!][i]!) < 60)
  t.ok(isNear(17, 128, [0, 255, 0]), `${pixel(17, 128)}`)
  t.ok(isNear(17 + 172, 128, [255, 0, 0]), `${pixel(17 + 172, 128)}`)
  t.ok(isNear(17, 128 + 204, [0, 0, 255]), 'the second row')
})

t.test('an image that can\'t be decoded fails', async t => {
  await t.rejects(contactSheet([{ ...tile('#fff'), read: async () => Buffer.from('text') }], OPTIONS), { name: 'ImageError' })
  t.ok((await contactSheet([], OPTIONS)).length > 0)
})
