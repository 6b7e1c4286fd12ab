import sharp from 'sharp'
import t from 'tap'
import type { ImageErrorCode } from '../../../engine/errors.ts'
import { blankImage, decodeCentre, decodeForCrops, decodeImage, readInfo, scaledForCrop } from '../../../engine/image/decode.ts'
import { bmpOf } from '../../support/bmp-file.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { photo } from '../../support/files.ts'
import { tiffFile, tiffPart } from '../../support/tiff-file.ts'

const MAX_PIXELS = 50e6
const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const
const small = await sharp(photo('sample-me.jpg')).resize(60, 40, { fit: 'fill' }).png().toBuffer()

t.test('every kind of image decodes to upright 8-bit RGB', async t => {
  const reference = await sharp(small).raw().toBuffer()
  const grey = Buffer.from([...await sharp(small).greyscale().raw().toBuffer()].flatMap(value => [value, value, value]))
  const kinds: Record<string, [Buffer, Buffer, number]> = {
    png: [small, reference, 0],
    jpeg: [await sharp(small).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), reference, 1],
    webp: [await sharp(small).webp({ lossless: true }).toBuffer(), reference, 0],
    avif: [await sharp(small).avif({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(), reference, 2],
    tiff: [await sharp(small).tiff({ compression: 'lzw' }).toBuffer(), reference, 0],
    gif: [await sharp(small).gif({ dither: 0 }).toBuffer(), reference, 3],
    bmp: [bmpOf(reference, { width: 60, height: 40 }), reference, 0],
    'palette PNG': [await sharp(small).png({ palette: true, dither: 0 }).toBuffer(), reference, 3],
    '16-bit PNG': [await sharp(small).toColourspace('rgb16').png().toBuffer(), reference, 1],
    '10-bit AVIF': [await sharp(small).avif({ quality: 95, chromaSubsampling: '4:4:4', bitdepth: 10 }).toBuffer(), reference, 2],
    'CMYK JPEG': [await sharp(small).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(), reference, 12],
    'PNG with alpha': [await sharp(small).ensureAlpha(0).png().toBuffer(), reference, 0],
    'grey JPEG': [await sharp(small).greyscale().jpeg({ quality: 100 }).toBuffer(), grey, 1],
    'grey PNG with alpha': [await sharp(small).greyscale().ensureAlpha(0.5).png().toBuffer(), grey, 0]
  }
  for (const [kind, [bytes, expected, tolerance]] of Object.entries(kinds)) {
    const { width, height, data } = await decodeImage(bytes, MAX_PIXELS)
    t.strictSame([width, height, data.length], [60, 40, 7200], kind)
    const difference = meanDifference(data, expected)
    t.ok(difference <= tolerance, `${kind}: mean difference ${difference.toFixed(2)} of at most ${tolerance}`)
  }
})

t.test('a color profile is ignored for networks, and applied for people', async t => {
  const red = await sharp(await plain('#f00')).withIccProfile('p3').png().toBuffer()
  const first = async (options?: { ignoreIcc: boolean }) => [...(await decodeImage(red, MAX_PIXELS, options)).data.subarray(0, 3)]
  const [r, g, b] = await first()
  t.ok(r! < 240 && g! > 40 && b! > 25, `stored in P3: ${[r, g, b]}`)
  const managed = await first({ ignoreIcc: false })
  t.ok(managed[0]! >= 253 && managed[1]! <= 3 && managed[2]! <= 3, `in sRGB: ${managed}`)
})

t.test('EXIF orientation is applied, and the size is that of the upright photo', async t => {
  const upright = await decodeImage(small, MAX_PIXELS)
  for (let orientation = 1; orientation <= 8; orientation++) {
    const { width, height, data, ...image } = await decodeImage(await storedAs(orientation), MAX_PIXELS)
    t.strictSame({ width, height, ...image }, { width: 60, height: 40, format: 'png', orientation, pages: 1, space: 'srgb' })
    t.equal(meanDifference(data, upright.data), 0, `orientation ${orientation}`)
  }
})

t.test('of an animation, the first frame', async t => {
  const frames = await Promise.all(['#f00', '#0f0', '#00f'].map(plain))
  for (const format of ['gif', 'webp', 'tiff'] as const) {
    const lossless = { lossless: true, compression: 'lzw' }
    const bytes = await sharp(frames, { join: { animated: true } }).toFormat(format, lossless).toBuffer()
    const { data, width, height, pages } = await decodeImage(bytes, MAX_PIXELS)
    t.strictSame([width, height, pages, [...data.subarray(0, 3)]], [16, 8, 3, [255, 0, 0]], format)
    await t.rejects(decodeImage(bytes, 16 * 8 - 1), { code: 'IMAGE_TOO_LARGE', problem: { declared: { width: 16, height: 8 } } })
  }
})

t.test('a damaged image is CORRUPT_IMAGE, in one line', async t => {
  for (const format of FORMATS) {
    const bytes = await sharp(small).toFormat(format).toBuffer()
    for (const length of [40, bytes.length >> 1, bytes.length - 40]) {
      await rejectsWith(t, decodeImage(bytes.subarray(0, length), MAX_PIXELS), 'CORRUPT_IMAGE', `${format} cut to ${length} bytes`)
    }
  }
})

t.test('a JPEG in YCCK has the colors of one in CMYK', async t => {
  const cmyk = await sharp(small).toColourspace('cmyk').raw().toBuffer()
  const tiff = (data: Buffer) => tiffFile([tiffPart(data, { 256: [60], 257: [40], 262: [5], 277: [4] })])
  const jpeg = (data: Buffer) => sharp(tiff(data)).pipelineColourspace('cmyk').toColourspace('cmyk')
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
  const [plain, ycck] = [await jpeg(cmyk).toBuffer(), await jpeg(ycckOf(cmyk)).toBuffer()]
  const transform = ycck.indexOf('Adobe') + 11
  t.equal(ycck[transform], 0, 'what is stored is called CMYK')
  ycck[transform] = 2
  const [a, b] = [await decodeImage(plain, MAX_PIXELS), await decodeImage(ycck, MAX_PIXELS)]
  t.ok(meanDifference(a.data, b.data) < 2, `mean difference ${meanDifference(a.data, b.data)}`)
})

t.test('the center of a BMP', async t => {
  const size = { width: 20, height: 20 }
  const bytes = bmpOf(await sharp(small).raw().toBuffer(), { width: 60, height: 40 })
  t.equal(meanDifference((await decodeCentre(bytes, MAX_PIXELS, size)).pixels, (await decodeCentre(small, MAX_PIXELS, size)).pixels), 0)
  await t.rejects(decodeCentre(bytes, 2399, size), { code: 'IMAGE_TOO_LARGE' })
  await t.rejects(decodeCentre(bytes.subarray(0, 4000), MAX_PIXELS, size), { code: 'CORRUPT_IMAGE' })
})

t.test('too many pixels are refused before one is decoded', async t => {
  const declared = { width: 60, height: 40 }
  await t.rejects(readInfo(small, 2399), { code: 'IMAGE_TOO_LARGE', problem: { maxPixels: 2399, declared } })
  await t.resolves(readInfo(small, 2400))
  for (const side of [60_000, 65_535]) {
    const spent = cpuClock()
    await rejectsWith(t, decodeImage(await jpegDeclaring(side), MAX_PIXELS), 'IMAGE_TOO_LARGE', `JPEG of ${side}×${side}`)
    t.ok(spent() < 200, 'refused at once')
  }
})

t.test('the center is what ImageNet\'s classifiers are scored on: 224 of 256 pixels of the shorter side', async t => {
  const left = await sharp(await plain('#f00')).resize(512, 256, { fit: 'fill' }).png().toBuffer()
  const wide = await sharp(left).composite([{ input: await sharp(await plain('#0f0')).resize(112, 224, { fit: 'fill' }).png().toBuffer(), left: 200, top: 16 }]).png().toBuffer()
  const { image, pixels } = await decodeCentre(wide, MAX_PIXELS, { width: 224, height: 224 })
  t.match(image, { width: 512, height: 256, format: 'png' })
  t.equal(pixels.length, 224 * 224 * 3)
  const at = (x: number, y: number) => [...pixels.subarray((y * 224 + x) * 3).subarray(0, 3)]
  for (const y of [0, 223]) t.same([55, 56, 167, 168].map(x => at(x, y)), [[255, 0, 0], [0, 255, 0], [0, 255, 0], [255, 0, 0]], `row ${y}`)
  const turned = await decodeCentre(await storedAs(6), MAX_PIXELS, { width: 20, height: 30 })
  t.match(turned.image, { width: 60, height: 40, orientation: 6 })
  t.equal(meanDifference(turned.pixels, (await decodeCentre(small, MAX_PIXELS, { width: 20, height: 30 })).pixels), 0)
  await t.rejects(decodeCentre(small, 2399, { width: 20, height: 30 }), { code: 'IMAGE_TOO_LARGE' })
})

t.test('for crops, an image is scaled as for its center, but never enlarged', async t => {
  const size = { width: 14, height: 14 }
  const photo = await decodeForCrops(small, MAX_PIXELS, size)
  t.same([photo.width, photo.height], [24, 16], 'of 60×40')
  const { pixels } = await decodeCentre(small, MAX_PIXELS, size)
  const rows = Array.from({ length: 14 }, (_, y) => photo.data.subarray(((y + 1) * 24 + 5) * 3).subarray(0, 14 * 3))
  t.equal(meanDifference(Buffer.concat(rows), pixels), 0)
  const enlarged = await decodeForCrops(small, MAX_PIXELS, { width: 64, height: 64 })
  t.equal(meanDifference(enlarged.data, (await decodeImage(small, MAX_PIXELS)).data), 0)
  t.same(scaledForCrop({ width: 60, height: 40 }, { width: 224, height: 224 }), { width: 384, height: 256 })
  await t.rejects(decodeForCrops(small, 2399, size), { code: 'IMAGE_TOO_LARGE' })
})

t.test('a blank image is black, and as large as it has to be', async t => {
  const { width, height, data } = await decodeImage(await blankImage({ width: 30, height: 20 }), MAX_PIXELS)
  t.same([width, height], [30, 20])
  t.ok(data.every(value => value === 0))
})

function plain (background: string): Promise<Buffer> {
  return sharp({ create: { width: 16, height: 8, channels: 3, background } }).png().toBuffer()
}

async function rejectsWith (t: Tap, promise: Promise<unknown>, code: ImageErrorCode, name: string) {
  await t.rejects(promise, { name: 'ImageError', code, message: /^[^\n]{20,120}$/ }, name)
}

type Tap = Pick<typeof t, 'rejects'>

// The upright photo, turned the opposite way before it is stored.
async function storedAs (orientation: number): Promise<Buffer> {
  const undone = [0, 1, 2, 3, 4, 5, 8, 7, 6][orientation] ?? 1
  const tagged = await sharp(small).withMetadata({ orientation: undone }).png().toBuffer()
  const turned = await sharp(tagged, { autoOrient: true }).png().toBuffer()
  return sharp(turned).withMetadata({ orientation }).png().toBuffer()
}

async function jpegDeclaring (side: number): Promise<Buffer> {
  const bytes = await sharp(small).jpeg().toBuffer()
  const frameHeader = bytes.indexOf(Buffer.from([0xff, 0xc0]))
  bytes.writeUInt16BE(side, frameHeader + 5)
  bytes.writeUInt16BE(side, frameHeader + 7)
  return bytes
}

/** Y, Cb and Cr of C, M and Y, inverted as all that sharp stores. */
function ycckOf (cmyk: Buffer): Buffer {
  const ycck = Buffer.alloc(cmyk.length)
  for (let i = 0; i < cmyk.length; i += 4) {
    const [r, g, b] = [cmyk[i]!, cmyk[i + 1]!, cmyk[i + 2]!]
    const luma = 0.299 * r + 0.587 * g + 0.114 * b
    const stored = [luma, 128 + (b - luma) / 1.772, 128 + (r - luma) / 1.402].map(value => Math.min(255, Math.max(0, Math.round(value))))
    ycck.set([...stored.map(value => 255 - value), cmyk[i + 3]!], i)
  }
  return ycck
}

function meanDifference (a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length
}
