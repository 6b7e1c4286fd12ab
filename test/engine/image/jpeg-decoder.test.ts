import sharp, { type JpegOptions } from 'sharp'
import t from 'tap'
import { decodeBaseline } from '../../../engine/image/jpeg-decoder.ts'
import { photo } from '../../support/files.ts'
import { restartJpeg } from '../../support/restart-jpeg.ts'

const SIZES = [[1, 1], [3, 5], [5, 2], [8, 8], [9, 17], [16, 16], [33, 15], [101, 67], [320, 241]] as const
const JPEGS: Record<string, JpegOptions> = {
  '4:2:0': { chromaSubsampling: '4:2:0' },
  '4:4:4': { chromaSubsampling: '4:4:4' },
  'coarse steps': { quality: 5 },
  'fine steps': { quality: 100 },
  'codes of the photo': { optimizeCoding: true, chromaSubsampling: '4:4:4', quality: 97 }
}

const original = sharp(photo('sample-me.jpg'))
const jpegOf = (width: number, height: number, options: JpegOptions = {}): Promise<Buffer> =>
  original.clone().resize(width, height, { fit: 'fill' }).jpeg(options).toBuffer()
const small = { width: 101, height: 67 }
const plain = await jpegOf(small.width, small.height)

/** By libjpeg-turbo. */
const pixelsOf = (bytes: Buffer): Promise<Buffer> => sharp(bytes, { failOn: 'error', ignoreIcc: true }).toColourspace('srgb').raw().toBuffer()

t.test('the pixels are libjpeg-turbo\'s', async t => {
  for (const [kind, options] of Object.entries(JPEGS)) {
    for (const [width, height] of SIZES) {
      const bytes = await jpegOf(width, height, options)
      const pixels = decodeBaseline(bytes, { width, height })
      if (pixels === undefined) t.ok(width <= 4 && kind !== '4:4:4', `${kind} of ${width}×${height} is left`)
      else t.ok((await pixelsOf(bytes)).equals(pixels), `${kind} of ${width}×${height}`)
    }
  }
  const values = Uint8Array.from({ length: 60_000 }, (_, i) => (i * i * 7919) >> 5)
  const noise = await sharp(values, { raw: { width: 200, height: 100, channels: 3 } })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
  t.ok((await pixelsOf(noise)).equals(decodeBaseline(noise, { width: 200, height: 100 })!), 'long codes')
})

t.test('half the width, gray, restarts, a color profile, a tail', async t => {
  const gray = await original.clone().resize(101, 67, { fit: 'fill' }).greyscale().jpeg().toBuffer()
  const rgb = await sharp(gray).toColourspace('srgb').raw().toBuffer()
  t.ok(rgb.equals(decodeBaseline(gray, small)!), 'gray')
  const profiled = await original.clone().resize(101, 67, { fit: 'fill' }).withIccProfile('p3').jpeg().toBuffer()
  t.ok((await pixelsOf(profiled)).equals(decodeBaseline(profiled, small)!), 'with a color profile')
  for (const interval of [1, 8]) {
    const bytes = restartJpeg(interval)
    const { width, height } = await sharp(bytes).metadata()
    t.ok((await pixelsOf(bytes)).equals(decodeBaseline(bytes, { width, height })!), `a restart every ${interval} units`)
  }
  t.same(decodeBaseline(Buffer.concat([plain, Buffer.from('more')]), small), decodeBaseline(plain, small), 'a tail')
})

t.test('JFIF and Adobe\'s marker decide the colors', async t => {
  const jfif = inserted(segment(0xe0, 'JFIF\0\x01\x01\0\0\x01\0\x01\0\0'))
  const adobe = (transform: number) => segment(0xee, `Adobe\0\x64\0\0\0\0${String.fromCharCode(transform)}`)
  for (const bytes of [jfif, inserted(adobe(1))]) t.ok((await pixelsOf(bytes)).equals(decodeBaseline(bytes, small)!))
  t.equal(decodeBaseline(inserted(adobe(0)), small), undefined, 'RGB')
  t.equal(decodeBaseline(renamed('RGB'), small), undefined, 'RGB by the names of the components')
  t.ok((await pixelsOf(renamed('abc'))).equals(decodeBaseline(renamed('abc'), small)!))
})

t.test('anything else is left to libjpeg-turbo', async t => {
  const frame = plain.indexOf(Buffer.of(0xff, 0xc0))
  const table = plain.indexOf(Buffer.of(0xff, 0xc4))
  const scan = plain.indexOf(Buffer.of(0xff, 0xda))
  const gray = await original.clone().resize(101, 67, { fit: 'fill' }).greyscale().jpeg().toBuffer()
  const left: Record<string, Buffer> = {
    progressive: await jpegOf(101, 67, { progressive: true }),
    CMYK: await original.clone().resize(101, 67, { fit: 'fill' }).toColourspace('cmyk').jpeg().toBuffer(),
    'no end marker': plain.subarray(0, -2),
    'half an end marker': plain.subarray(0, -1),
    'missing pixels': Buffer.concat([plain.subarray(0, -20), Buffer.of(0xff, 0xd9)]),
    'more blocks': Buffer.concat([plain.subarray(0, -2), Buffer.alloc(50, 0x55), Buffer.of(0xff, 0xd9)]),
    'an unexpected restart': Buffer.concat([plain.subarray(0, -30), Buffer.of(0xff, 0xd0), plain.subarray(-30)]),
    'no restart': inserted(Buffer.of(0xff, 0xdd, 0, 4, 0, 1)),
    '12 bits': changed(plain, frame + 4, 12),
    'sampling of half the height': changed(plain, frame + 11, 0x12),
    'sampling of no height': changed(plain, frame + 11, 0x20),
    'gray of no width': changed(gray, gray.indexOf(Buffer.of(0xff, 0xc0)) + 11, 0x01),
    'a code of only ones': changed(plain, table + 5, 2),
    'a constant of 16 bits': changed(plain, table + 21 + plain.subarray(table + 5, table + 21).reduce((a, b) => a + b) - 1, 16),
    'smaller luma': changed(plain, frame + 14, 0x22),
    'a missing quantization table': changed(plain, frame + 12, 3),
    'a quantization table of another number': changed(plain, frame + 12, 4),
    'a missing code': changed(plain, scan + 6, 0x33),
    'a code of another number': changed(plain, scan + 6, 0x44),
    'a scan of another component': changed(plain, scan + 5, 9),
    'a scan of some coefficients': changed(plain, scan + 12, 62),
    'a code of another kind': changed(plain, table + 4, 0x25),
    'too many codes of a length': changed(plain, table + 5, 255),
    'many codes': inserted(Buffer.concat(Array(40).fill(plain.subarray(table, table + 2 + plain.readUInt16BE(table + 2))))),
    '16-bit steps': changed(plain, 6, 0x10),
    'a cut table': inserted(Buffer.of(0xff, 0xc4, 0, 5, 0, 1, 2)),
    'a reserved marker': inserted(Buffer.of(0xff, 0x02, 0, 2)),
    'a cut header': plain.subarray(0, 100),
    'a length that is too small': changed(plain, 5, 1),
    'no scan': plain.subarray(0, scan),
    'coefficients that overflow': changed(plain, 7, 255, 64)
  }
  for (const [name, bytes] of Object.entries(left)) t.equal(decodeBaseline(bytes, small), undefined, name)
  t.equal(decodeBaseline(plain, { width: 67, height: 101 }), undefined, 'another size')
  t.equal(decodeBaseline(plain, { width: 2000, height: 2000 }), undefined, 'a large photo')
  t.equal(decodeBaseline(Buffer.alloc((4 << 20) + 1), small), undefined, 'a large file')
})

t.test('of damaged photos, it never gives pixels that libjpeg-turbo does not', async t => {
  const bases = await Promise.all([jpegOf(101, 67), jpegOf(64, 48, { chromaSubsampling: '4:4:4' })])
  let [state, equal] = [1, 0]
  const next = (limit: number) => Math.floor((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32 * limit)
  for (let i = 0; i < 400; i++) {
    let bytes = Buffer.from(bases[i % 2]!)
    for (let k = next(3); k >= 0; k--) bytes[2 + next(bytes.length - 2)]! ^= 1 << next(8)
    if (i % 5 === 0) bytes = bytes.subarray(0, next(bytes.length))
    const pixels = decodeBaseline(bytes, i % 2 ? { width: 64, height: 48 } : small)
    if (pixels && !(await pixelsOf(bytes)).equals(pixels)) t.fail(`photo ${i}`)
    if (pixels) equal++
  }
  t.ok(equal > 50 && equal < 350, `${equal} decoded`)
})

/** Before the first header. */
const inserted = (bytes: Buffer): Buffer => Buffer.concat([plain.subarray(0, 2), bytes, plain.subarray(2)])

const segment = (marker: number, text: string): Buffer =>
  Buffer.from(`\xff${String.fromCharCode(marker)}\0${String.fromCharCode(text.length + 2)}${text}`, 'latin1')

const changed = (bytes: Buffer, place: number, value: number, count = 1): Buffer => Buffer.from(bytes).fill(value, place, place + count)

/** The same photo, with other ids of components. */
function renamed (names: string): Buffer {
  const bytes = Buffer.from(plain)
  const frame = bytes.indexOf(Buffer.of(0xff, 0xc0))
  const scan = bytes.indexOf(Buffer.of(0xff, 0xda))
  for (let i = 0; i < 3; i++) bytes[frame + 10 + 3 * i] = bytes[scan + 5 + 2 * i] = names.charCodeAt(i)
  return bytes
}
