import sharp from 'sharp'
import t from 'tap'
import { sniffFormat } from '../../../engine/image/sniff.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { source } from '../../support/files.ts'

const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const
const SUPPORTED = 'JPEG, PNG, WebP, AVIF, GIF, TIFF or BMP'
const text = (latin1: string): Buffer => Buffer.from(latin1, 'latin1')

t.test('formats are told by their first bytes', async t => {
  const image = sharp({ create: { width: 60, height: 40, channels: 3, background: 'grey' } })
  for (const format of FORMATS) {
    const bytes = await image.clone().toFormat(format).toBuffer()
    t.equal(sniffFormat(bytes), format)
    t.equal(sniffFormat(new Uint8Array(bytes).subarray(0, 40)), format, `${format} by 40 bytes`)
  }
  t.equal(sniffFormat(text('\0\0\0\x20ftypmif1\0\0\0\0mif1avif')), 'avif', 'AVIF named among the compatible brands only')
  t.equal(sniffFormat(text('MM\0*')), 'tiff', 'big-endian TIFF')
  t.equal(sniffFormat(text(`BM${'\0'.repeat(12)}\x28\0\0\0`)), 'bmp')
})

const REFUSED: Array<[string, string]> = [
  ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'a HEIC photo; send JPEG or AVIF'],
  ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG drawing; send PNG'],
  ['<?xml version="1.0"?>\n<!-- drawn --><svg/>', 'an SVG drawing; send PNG'],
  ['%PDF-1.7', 'a PDF document; send a page of it as PNG'],
  ['%!PS-Adobe-3.0', 'a PostScript document; send a page of it as PNG'],
  ['\xff\x0a\xfa\x1f', 'a JPEG XL image; send JPEG or PNG'],
  ['\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ', 'a JPEG XL image; send JPEG or PNG'],
  ['\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ', 'a JPEG 2000 image; send JPEG or PNG'],
  ['\xff\x4f\xff\x51\0\x2f', 'a JPEG 2000 image; send JPEG or PNG'],
  ['\x89PNG\r\n\x1a\n\0\0\0\x04CgBI', 'a PNG optimized for iOS; send the original PNG'],
  ['P6\n640 480\n255\n\0\0\0', 'a PNM image (PBM, PGM or PPM); send PNG'],
  ['\0\0\x01\0\x01\0\x20\x20', 'an ICO icon; send PNG'],
  ['8BPS\0\x01', 'a Photoshop document; send JPEG or PNG'],
  ['v/1\x01\x02\0\0\0', 'an OpenEXR image; send JPEG or PNG'],
  ['#?RADIANCE\n', 'a Radiance HDR image; send JPEG or PNG'],
  ['qoif\0\0\x02\x80', 'a QOI image; send PNG'],
  ['DDS \x7c\0\0\0', 'a DDS texture; send PNG'],
  ['SIMPLE  =                    T', 'a FITS image; send PNG'],
  [`${'\0'.repeat(128)}DICM`, 'a DICOM image; send PNG'],
  ['II*\0\x10\0\0\0CR\x02\0', 'a RAW camera file; send the JPEG of the same photo'],
  ['\0\0\0\x18ftypcrx \0\0\0\x01', 'a RAW camera file; send the JPEG of the same photo'],
  ['FUJIFILMCCD-RAW 0201', 'a RAW camera file; send the JPEG of the same photo'],
  ['IIRO\x08\0\0\0', 'a RAW camera file; send the JPEG of the same photo'],
  ['IIU\0\x18\0\0\0', 'a RAW camera file; send the JPEG of the same photo'],
  ['\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41', 'an MP4 or QuickTime video; send a frame of it as JPEG'],
  ['\0\0\0\x14ftypqt  ', 'an MP4 or QuickTime video; send a frame of it as JPEG'],
  ['\x1a\x45\xdf\xa3\x01\0\0\0', 'a Matroska or WebM video; send a frame of it as JPEG'],
  ['RIFF\x24\0\0\0AVI LIST', 'an AVI video; send a frame of it as JPEG'],
  [`G${'\0'.repeat(187)}G`, 'an MPEG video stream; send a frame of it as JPEG'],
  ['\0\0\0\x01\x67\x42\0\x1f', 'an MPEG video stream; send a frame of it as JPEG'],
  [`PK\x03\x04${'\0'.repeat(22)}\x07\0\0\0arr.npy`, 'a NumPy archive (npz); send the array as PNG'],
  ['\x93NUMPY\x01\0', 'a NumPy array (npy); send it as PNG'],
  ['PK\x03\x04\x14\0\0\0', 'a ZIP archive; send the image inside it'],
  ['\x1f\x8b\x08\0', 'compressed data (gzip or Zstandard); send it uncompressed'],
  ['7z\xbc\xaf\x27\x1c', 'a compressed archive; send the image inside it'],
  ['\x89PNG\n\x1a\n\0\0\0\x0dIHDR', 'a PNG whose line ends were changed; send its bytes unchanged (curl: --data-binary)'],
  ['\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\0\x10JFIF', 'an image that was converted to text; send its bytes unchanged'],
  ['data:image/jpeg;base64,/9j/4AAQ', 'a data URL; send the decoded bytes, or the text as "image" in JSON'],
  ['--B\r\nContent-Disposition: form-data; name="image"\r\n\r\n', 'a form without its Content-Type; send it as multipart/form-data with its boundary'],
  ['<!DOCTYPE html>\n<html>', 'an HTML page; send the image itself'],
  ['\xef\xbb\xbf\n <html lang="en">', 'an HTML page; send the image itself'],
  ['<?xml version="1.0"?><Error/>', 'an XML document; send the image itself'],
  ['{"image": "/9j/4AAQSkZJRg"}', 'JSON text; send an image, or a JSON object with "image"'],
  ['[[1, 2], [3, 4]]', 'JSON text; send an image, or a JSON object with "image"'],
  ['https://example.com/cat.jpg', 'a URL; send the image that it names'],
  ['hello\n', `plain text; send ${SUPPORTED}`],
  ['gr\xc3\xbc\xc3\x9fe', `plain text; send ${SUPPORTED}`],
  ['BM\x36\x10\0\0\0\0\0\0', `data that begins with 42 4d 36 10; send ${SUPPORTED}`],
  ['\x01\x02\x03\x04', `data that begins with 01 02 03 04; send ${SUPPORTED}`]
]

t.test('what cannot be decoded is named, with what to send instead', async t => {
  for (const [head, message] of REFUSED) {
    for (const bytes of [text(head), text(`${head}${'\0'.repeat(2000)}`)]) {
      if (bytes.length > head.length && /plain text/.test(message)) continue
      t.throws(() => sniffFormat(bytes), { code: 'UNSUPPORTED_IMAGE', message: `Cannot decode ${message} instead` }, message)
    }
  }
  t.throws(() => sniffFormat(text('\x01')), { message: /begins with 01;/ })
  t.throws(() => sniffFormat(new Uint8Array()), { code: 'EMPTY_IMAGE' })
})

t.test('base64 text of an image is told from other text', async t => {
  const image = sharp({ create: { width: 60, height: 40, channels: 3, background: 'grey' } })
  for (const format of FORMATS) {
    const base64 = (await image.clone().toFormat(format).toBuffer()).toString('base64')
    const message = `Cannot decode base64 text of a ${format.toUpperCase()} image; send the decoded bytes, or the text as "image" in JSON instead`
    const urlSafe = base64.replaceAll('+', '-').replaceAll('/', '_')
    for (const sent of [base64, `"${base64}"`, `\n${base64.replace(/.{76}/g, '$&\r\n')}`, urlSafe]) t.throws(() => sniffFormat(text(sent)), { message })
  }
  t.throws(() => sniffFormat(text('abcdefghijklmnopqrstuvwxyz')), { message: /plain text/ })
})

t.test('hostile bytes take no time, and only the first of them are read', async t => {
  const pieces = ['<', '<?', '<!', '< ', '\0\0\0\x18ftyp', 'RIFF', '--', ' ', '{ ', '"', 'A', 'data:image/', '\xc3\xbc', '\xc3', 'PK\x03\x04', '.npy']
  const spent = cpuClock()
  for (const bytes of [...pieces.map(piece => text(piece.repeat(2 ** 20))), text(`<?${' '.repeat(5000)}<svg/>`)]) {
    t.throws(() => sniffFormat(bytes), { code: 'UNSUPPORTED_IMAGE' })
  }
  t.ok(spent() < 1000, `${spent()} ms`)
})

t.test('it runs on the main process: without sharp', async t => {
  t.notMatch(source('engine/image/sniff.ts'), /from 'sharp'|decode\.ts'/)
})
