import sharp from 'sharp'
import t from 'tap'
import { decodeCentre, decodeImage } from '../../../engine/image/decode.ts'
import { isFilledUp, withJpegEnd } from '../../../engine/image/jpeg-end.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { photo } from '../../support/files.ts'
import { restartJpeg } from '../../support/restart-jpeg.ts'

const small = sharp(photo('sample-me.jpg')).resize(101, 67, { fit: 'fill' })
const JPEGS: Record<string, Buffer> = {
  baseline: await small.clone().jpeg().toBuffer(),
  'without subsampling': await small.clone().jpeg({ chromaSubsampling: '4:4:4', quality: 95 }).toBuffer(),
  gray: await small.clone().greyscale().jpeg().toBuffer(),
  progressive: await small.clone().jpeg({ progressive: true }).toBuffer(),
  'of trellis quantization': await small.clone().jpeg({ mozjpeg: true }).toBuffer(),
  'with restart markers': restartJpeg(8),
  'with many restart markers': restartJpeg(1)
}
const ZEROS = Buffer.alloc(5000)

const pixelsOf = async (bytes: Buffer) => Buffer.from((await decodeImage(bytes, 1e6)).data)
const largestDifference = (a: Buffer, b: Buffer) => a.reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0)

for (const [kind, bytes] of Object.entries(JPEGS)) {
  t.test(`${kind}: the end marker may be missing`, async t => {
    const expected = await pixelsOf(bytes)
    const changed = {
      'all of it': [bytes.subarray(0, -2)],
      'half of it': [bytes.subarray(0, -1)],
      'zeros in its place': [bytes.subarray(0, -2), ZEROS],
      'zeros in the place of half of it': [bytes.subarray(0, -1), ZEROS],
      'zeros after it': [bytes, ZEROS],
      'other data after it': [bytes, Buffer.from('ftypmp42'), ZEROS]
    }
    for (const [change, pieces] of Object.entries(changed)) t.ok(expected.equals(await pixelsOf(Buffer.concat(pieces))), change)
  })

  t.test(`${kind}: pixels may not`, async t => {
    const expected = await pixelsOf(bytes)
    const headers = bytes.indexOf(Buffer.of(0xff, 0xda))
    for (let missing = 3; missing < bytes.length - headers; missing = missing < 30 ? missing + 1 : Math.ceil(missing * 1.2)) {
      for (const fill of [Buffer.alloc(0), ZEROS]) {
        const outcome = pixelsOf(Buffer.concat([bytes.subarray(0, -missing), fill]))
        const isFair = await outcome.then(pixels => largestDifference(pixels, expected) <= 2, ({ code }) => code === 'CORRUPT_IMAGE')
        t.ok(isFair, `${missing} bytes of ${bytes.length}, ${fill.length} zeros in their place`)
      }
    }
  })

  t.test(`${kind}: no scan may be missing, nor what lies between restart markers`, async t => {
    const isMarker = (i: number) => i > 2 && bytes[i] === 0xff && bytes[i + 1]! >= 0xc0 && bytes[i + 1]! < 0xd9
    for (const place of [...bytes.keys()].filter(isMarker)) {
      await t.rejects(pixelsOf(bytes.subarray(0, place)), { code: 'CORRUPT_IMAGE' }, `cut at ${place} of ${bytes.length}`)
    }
  })
}

t.test('of a crop, too', async t => {
  const size = { width: 20, height: 20 }
  const bytes = JPEGS['progressive']!
  t.same((await decodeCentre(bytes.subarray(0, -2), 1e6, size)).pixels, (await decodeCentre(bytes, 1e6, size)).pixels)
  await t.rejects(decodeCentre(bytes.subarray(0, -50), 1e6, size), { code: 'CORRUPT_IMAGE' })
})

t.test('only zeros in the place of an end marker make a file that is filled up', async t => {
  const bytes = JPEGS['baseline']!
  t.notOk(isFilledUp(bytes))
  t.notOk(isFilledUp(bytes.subarray(0, -2)))
  t.notOk(isFilledUp(Buffer.concat([bytes, ZEROS])))
  t.notOk(isFilledUp(Buffer.concat([bytes.subarray(0, 20), ZEROS])), 'no pixels at all')
  t.ok(isFilledUp(Buffer.concat([bytes.subarray(0, -2), ZEROS])))
})

t.test('what has all its pixels gets the marker; what is decoded differently with other bytes after it does not', async t => {
  const bytes = JPEGS['baseline']!
  const pixels = bytes.subarray(0, -2)
  t.same(await withJpegEnd(pixels, async () => Buffer.of(1)), bytes)
  await t.rejects(withJpegEnd(pixels, async bytes => bytes), { message: /premature end/ })
  await t.rejects(withJpegEnd(Buffer.of(0xff, 0xd8), async () => Buffer.of(1)), { message: /premature end/ })
})

t.test('headers without end take neither time nor memory', async t => {
  const pixels = JPEGS['baseline']!.subarray(0, -2)
  const segment = Buffer.of(0xff, 0xe0, 0, 2)
  const ids = (step: number) => Array.from({ length: 255 * step }, (_, i) => Math.floor(i / step))
  const frame = Buffer.of(0xff, 0xc1, 3, 5, 8, 0, 9, 0, 9, 255, ...ids(3))
  const scan = Buffer.of(0xff, 0xda, 2, 4, 255, ...ids(2), 0, 255, 0)
  for (const tail of [Buffer.alloc(8e6, segment), Buffer.concat([frame, ...Array(20_000).fill(scan)])]) {
    const spent = cpuClock()
    await pixelsOf(Buffer.concat([pixels, tail, ZEROS])).catch(() => {})
    t.ok(spent() < 2000)
  }
})
