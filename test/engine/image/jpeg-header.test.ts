import sharp, { type Sharp } from 'sharp'
import t from 'tap'
import { decodeImage } from '../../../engine/image/decode.ts'
import { readJpegHeader } from '../../../engine/image/jpeg-header.ts'
import { photo } from '../../support/files.ts'

const small = sharp(photo('sample-me.jpg')).resize(101, 67, { fit: 'fill' })
const plain = await small.clone().jpeg().toBuffer()
const turned = await small.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()

t.test('the result is sharp\'s', async t => {
  const kinds: Record<string, Sharp> = {
    plain: small.clone().jpeg(),
    'without subsampling': small.clone().jpeg({ chromaSubsampling: '4:4:4' }),
    progressive: small.clone().jpeg({ progressive: true }),
    'of trellis quantization': small.clone().jpeg({ mozjpeg: true }),
    gray: small.clone().greyscale().jpeg(),
    'with a color profile': small.clone().withIccProfile('p3').jpeg(),
    'with XMP': small.clone().withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>').jpeg(),
    'with EXIF': small.clone().withExif({ IFD0: { Copyright: 'A' }, IFD3: { GPSLatitudeRef: 'N' } }).jpeg()
  }
  for (let orientation = 1; orientation <= 8; orientation++) kinds[`turned: ${orientation}`] = small.clone().withMetadata({ orientation }).jpeg()
  for (const [kind, image] of Object.entries(kinds)) {
    const bytes = await image.toBuffer()
    t.same(readJpegHeader(bytes), await sharpInfo(bytes), kind)
  }
  t.same(readJpegHeader(bigEndian(turned)), await sharpInfo(bigEndian(turned)), 'EXIF in big-endian order')
})

t.test('whatever is unusual is left to sharp', t => {
  const frame = plain.indexOf(Buffer.of(0xff, 0xc0))
  const big = bigEndian(turned)
  const entry = big.indexOf(Buffer.of(0x01, 0x12, 0, 3, 0, 0, 0, 1))
  const unusual: Record<string, Buffer> = {
    'a fill byte': inserted(Buffer.of(0xff)),
    'a stray byte': inserted(Buffer.of(0)),
    'two frames': inserted(plain.subarray(frame, frame + 19)),
    'another picture': inserted(segment(0xe2, 'MPF\0')),
    'EXIF twice': inserted(Buffer.concat([segment(0xe1, 'Exif\0\0II*\0\x08\0\0\0\0\0'), segment(0xe1, 'Exif\0\0II*\0\x08\0\0\0\0\0')])),
    'EXIF that is not TIFF': inserted(segment(0xe1, 'Exif\0\0abcdefgh')),
    'half an EXIF marker': inserted(segment(0xe1, 'Exif')),
    'an arithmetic code': changed(plain, frame + 1, 0xc9),
    '12 bits': changed(plain, frame + 4, 12),
    'no height': changed(changed(plain, frame + 5, 0), frame + 6, 0),
    'no width': changed(changed(plain, frame + 7, 0), frame + 8, 0),
    'two components': changed(plain, frame + 9, 2),
    'no frame': Buffer.concat([plain.subarray(0, frame), plain.subarray(frame + 19)]),
    'orientation 0': changed(big, entry + 9, 0),
    'orientation 9': changed(big, entry + 9, 9),
    'two orientations': changed(big, entry + 7, 2),
    'a length that is too small': changed(plain, 5, 1),
    'headers without end': inserted(Buffer.concat(Array(100_000).fill(segment(0xfe, '')))),
    'no pixels': plain.subarray(0, plain.indexOf(Buffer.of(0xff, 0xda))),
    'a cut header': plain.subarray(0, 20),
    'two bytes': plain.subarray(0, 2)
  }
  for (const [name, bytes] of Object.entries(unusual)) t.equal(readJpegHeader(bytes), undefined, name)
  t.match(readJpegHeader(inserted(segment(0xe1, 'Exif\0\0II*\0\x08\0\0\0\0\0'))), { orientation: 1 }, 'EXIF without entries')
  t.match(readJpegHeader(inserted(segment(0xe1, 'Exif\0\0II*\0\0\0\0\0'))), { orientation: 1 }, 'EXIF without a page')
  t.end()
})

t.test('fill bytes and CMYK: the decoder takes what sharp takes', async t => {
  const expected = await decodeImage(plain, 1e6)
  t.same(await decodeImage(inserted(Buffer.of(0xff)), 1e6), expected)
  const cmyk = await small.clone().toColourspace('cmyk').jpeg().toBuffer()
  t.equal(readJpegHeader(cmyk), undefined)
  t.match(await decodeImage(cmyk, 1e6), { width: 101, height: 67, space: 'cmyk' })
})

t.test('turned photos have the pixels and the size of upright ones', async t => {
  for (let orientation = 1; orientation <= 8; orientation++) {
    const bytes = await small.clone().withMetadata({ orientation }).jpeg().toBuffer()
    const { data, info: { width, height } } = await sharp(bytes, { autoOrient: true }).raw().toBuffer({ resolveWithObject: true })
    const found = await decodeImage(bytes, 101 * 67)
    t.match(found, { width, height, orientation })
    t.ok(data.equals(found.data), `orientation ${orientation}`)
    await t.rejects(decodeImage(bytes, 101 * 67 - 1), { code: 'IMAGE_TOO_LARGE', problem: { declared: { width, height } } })
  }
})

async function sharpInfo (bytes: Buffer) {
  const { autoOrient, orientation = 1, pages = 1, space } = await sharp(bytes).metadata()
  return { ...autoOrient, format: 'jpeg', orientation, pages, space }
}

/** Before the first header. */
const inserted = (bytes: Buffer): Buffer => Buffer.concat([plain.subarray(0, 2), bytes, plain.subarray(2)])

const segment = (marker: number, text: string): Buffer => Buffer.from(`\xff${String.fromCharCode(marker)}\0${String.fromCharCode(text.length + 2)}${text}`, 'latin1')

function changed (bytes: Buffer, place: number, value: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[place] = value
  return copy
}

/** A photo of orientation 6 with no other EXIF than that, in big-endian order. */
function bigEndian (bytes: Buffer): Buffer {
  const exif = segment(0xe1, 'Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0')
  const at = bytes.indexOf('Exif') - 4
  const length = bytes.readUInt16BE(at + 2)
  return Buffer.concat([bytes.subarray(0, at), exif, bytes.subarray(at + 2 + length)])
}
