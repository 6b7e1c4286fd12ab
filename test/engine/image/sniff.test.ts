import sharp from 'sharp'
import t from 'tap'
import { sniffFormat } from '../../../engine/image/sniff.ts'
import { source } from '../../support/files.ts'

const FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const
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

t.test('hostile bytes take no time, and only the first of them are read', async t => {
  const long = ['<', '<?', '<!', '< ', '\0\0\0\x18ftyp', 'RIFF'].map(piece => text(piece.repeat(2 ** 20)))
  const start = performance.now()
  for (const bytes of [...long, text(`<?${' '.repeat(5000)}<svg/>`)]) t.throws(() => sniffFormat(bytes), { message: /begins with/ })
  t.ok(performance.now() - start < 500, `${performance.now() - start} ms`)
})

t.test('it runs on the main process: without sharp', async t => {
  t.notMatch(source('engine/image/sniff.ts'), /from 'sharp'|decode\.ts'/)
})
