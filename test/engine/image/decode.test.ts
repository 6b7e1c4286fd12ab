import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import t from 'tap'
import { type ImageErrorCode } from '../../../engine/errors.ts'
import { decodeImage, readInfo, sniffFormat } from '../../../engine/image/decode.ts'

const MAX_PIXELS = 50e6
const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const
const photo = await readFile(new URL('../../../node_modules/nanodet-m-416-tfjs/assets/sample-me.jpg', import.meta.url))
const small = await sharp(photo).resize(60, 40, { fit: 'fill' }).png().toBuffer()

t.test('formats are told by their first bytes', async t => {
  for (const format of FORMATS) t.equal(sniffFormat(await sharp(small).toFormat(format).toBuffer()), format)
  t.equal(sniffFormat(text('\0\0\0\x20ftypmif1\0\0\0\0mif1avif')), 'avif', 'AVIF named among the compatible brands only')
  t.equal(sniffFormat(text('MM\0*')), 'tiff', 'big-endian TIFF')
})

t.test('what cannot be decoded is named, with what to send instead', async t => {
  const refused: Array<[string, string]> = [
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'Cannot decode a HEIC photo; send JPEG or AVIF instead'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'Cannot decode an SVG drawing; send PNG instead'],
    ['<?xml version="1.0"?>\n<!-- drawn --><svg/>', 'Cannot decode an SVG drawing; send PNG instead'],
    ['%PDF-1.7', 'Cannot decode a PDF document; send a page of it as PNG instead'],
    ['BM\x36\x10\0\0\0\0\0\0', 'Cannot decode a BMP image; send PNG instead'],
    ['<html>', 'Cannot decode data that begins with 3c 68 74 6d; send JPEG, PNG, WebP, AVIF, GIF or TIFF instead']
  ]
  for (const [head, message] of refused) t.throws(() => sniffFormat(text(head)), { code: 'UNSUPPORTED_IMAGE', message })
  t.throws(() => sniffFormat(new Uint8Array()), { code: 'EMPTY_IMAGE' })
})

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
    'palette PNG': [await sharp(small).png({ palette: true, dither: 0 }).toBuffer(), reference, 3],
    '16-bit PNG': [await sharp(small).toColourspace('rgb16').png().toBuffer(), reference, 1],
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

t.test('a colour profile is ignored for networks, and applied for people', async t => {
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

t.test('too many pixels are refused before one is decoded', async t => {
  const declared = { width: 60, height: 40 }
  await t.rejects(readInfo(small, 2399), { code: 'IMAGE_TOO_LARGE', problem: { maxPixels: 2399, declared } })
  await t.resolves(readInfo(small, 2400))
  for (const side of [60_000, 65_535]) {
    const start = performance.now()
    await rejectsWith(t, decodeImage(await jpegDeclaring(side), MAX_PIXELS), 'IMAGE_TOO_LARGE', `JPEG of ${side}×${side}`)
    t.ok(performance.now() - start < 200, 'refused at once')
  }
})

function text (latin1: string): Buffer {
  return Buffer.from(latin1, 'latin1')
}

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

function meanDifference (a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length
}
