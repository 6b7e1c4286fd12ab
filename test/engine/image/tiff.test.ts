import t from 'tap'
import { decodeImage, readInfo } from '../../../engine/image/decode.ts'
import { tiffPage } from '../../../engine/image/tiff.ts'
import { tiffFile, tiffPart, type TiffParts } from '../../support/tiff-file.ts'

const PIXELS = [...Array(128).keys()]
const LEVELS = PIXELS.map(i => i % 16 * 17)
const GRAY = Buffer.from(LEVELS)
const words = (values: readonly number[]): Buffer => Buffer.from(values.flatMap(value => [value & 255, value >> 8]))
const GRAY_16 = words(LEVELS.map(value => value * 257))
const RGB = Buffer.from(LEVELS.flatMap(value => [value, 255 - value, 7]))
const NIBBLES = Buffer.from(PIXELS.slice(0, 64).map(i => (2 * i % 16) << 4 | (2 * i + 1) % 16))
const SIXTEEN = LEVELS.slice(0, 16)
const TABLE = [SIXTEEN, SIXTEEN.map(value => 255 - value), SIXTEEN.map(() => 7)].flat().map(value => value * 257)
const small = tiffPart(Buffer.from([1, 2]), { 254: [1], 256: [2], 257: [1] })

const pixels = async (...pages: TiffParts[]) => [...(await decodeImage(tiffFile(pages), 1e6)).data]
const gray = (levels: readonly number[]) => levels.flatMap(value => [value, value, value])

t.test('what is decoded has the colors of the file', async t => {
  const INVERTED = LEVELS.map(value => 255 - value)
  const planes = [0, 1, 2].map(c => Buffer.from(PIXELS.map(i => RGB[i * 3 + c]!)))
  const kinds: Record<string, [TiffParts, readonly number[]]> = {
    gray: [tiffPart(GRAY), gray(LEVELS)],
    'white first': [tiffPart(GRAY, { 262: [0] }), gray(INVERTED)],
    '16 bits': [tiffPart(GRAY_16, { 258: [16] }), gray(LEVELS)],
    '16 bits, white first': [tiffPart(GRAY_16, { 258: [16], 262: [0] }), gray(INVERTED)],
    '4 bits': [tiffPart(NIBBLES, { 258: [4] }), gray(LEVELS)],
    '1 bit': [tiffPart(Buffer.alloc(16, 0b01011010), { 258: [1] }), gray(PIXELS.map(i => 0b01011010 >> (7 - i % 8) & 1 ? 255 : 0))],
    RGB: [tiffPart(RGB, { 262: [2], 277: [3] }), [...RGB]],
    'RGB of 16 bits': [tiffPart(words([...RGB].map(value => value * 257)), { 258: [16, 16, 16], 262: [2], 277: [3] }), [...RGB]],
    planes: [tiffPart(planes, { 262: [2], 277: [3], 284: [2] }), [...RGB]],
    palette: [tiffPart(NIBBLES, { 258: [4], 262: [3], 320: TABLE }), [...RGB]],
    alpha: [tiffPart(Buffer.from(LEVELS.flatMap(value => [value, 9])), { 277: [2], 338: [2] }), gray(LEVELS)],
    'samples of undefined format': [tiffPart(GRAY, { 339: [4] }), gray(LEVELS)]
  }
  for (const [kind, [page, expected]] of Object.entries(kinds)) t.same(await pixels(page), expected, kind)
  const cmyk = Buffer.from(PIXELS.flatMap(() => [0, 255, 255, 0]))
  const [red, green, blue] = await pixels(tiffPart(cmyk, { 262: [5], 277: [4] }))
  t.ok(red! > 200 && green! < 60 && blue! < 60, `${[red, green, blue]}: CMYK`)
})

t.test('a preview or a mask is not the picture, wherever it stands', async t => {
  const picture = tiffPart(GRAY)
  t.same(await pixels(small, picture), gray(LEVELS), 'first')
  t.same(await pixels(tiffPart(Buffer.from([1, 2]), { 255: [2], 256: [2], 257: [1] }), picture), gray(LEVELS), 'first, in the words of TIFF 5')
  t.same(await pixels(picture, small), gray(LEVELS), 'last')
  t.same(await pixels(tiffPart(GRAY, { 254: [4] }), small, picture), gray(LEVELS), 'a mask')
  t.equal(tiffPage(tiffFile([small, small, picture])), 2)
  t.match(await readInfo(tiffFile([small, picture]), 128), { width: 16, height: 8, pages: 2 })
  await t.rejects(readInfo(tiffFile([small, picture]), 127), { code: 'IMAGE_TOO_LARGE' }, 'the size is that of the picture')
  t.same(await pixels(tiffPart(GRAY, {}, [small])), gray(LEVELS), 'a preview below the picture')
})

t.test('what would come out wrong is refused', async t => {
  const refused: Record<string, TiffParts[]> = {
    'a TIFF that has only a preview on its pages': [tiffPart(GRAY, { 254: [1] }, [tiffPart(GRAY)])],
    'a TIFF of floating-point values': [tiffPart(Buffer.alloc(512), { 258: [32], 339: [3] })],
    'a TIFF of signed values': [tiffPart(GRAY, { 339: [2] })],
    'a TIFF of 32-bit values': [tiffPart(Buffer.alloc(512), { 258: [32] })],
    'a TIFF of 5 gray bands': [tiffPart(Buffer.alloc(640), { 277: [5] })],
    'a TIFF of 1 colors': [tiffPart(GRAY, { 262: [2] })],
    'a TIFF of several palettes': [tiffPart(Buffer.alloc(256), { 262: [3], 277: [2], 320: TABLE })],
    'a TIFF of inks that are not CMYK': [tiffPart(Buffer.alloc(512), { 262: [5], 277: [4], 332: [2] })],
    'a TIFF of YCbCr colors without JPEG compression': [tiffPart(RGB, { 262: [6], 277: [3] })],
    'a TIFF in a color space that is not gray, RGB or CMYK': [tiffPart(RGB, { 262: [8], 277: [3] })]
  }
  for (const [found, pages] of Object.entries(refused)) {
    await t.rejects(decodeImage(tiffFile(pages), 1e6), { code: 'UNSUPPORTED_IMAGE', problem: { found }, message: /^Cannot decode a TIFF .*; send .* instead$/ }, found)
  }
})

t.test('a camera\'s RAW file is refused, though its first page is a preview that could be decoded', async t => {
  const sensor = tiffPart(GRAY_16, { 258: [16], 262: [32803] })
  const raws: Record<string, TiffParts[]> = {
    NEF: [tiffPart(RGB, { 254: [1], 262: [2], 277: [3] }, [small, sensor])],
    'one with an unmarked preview': [tiffPart(RGB, { 262: [2], 277: [3] }, [sensor])],
    DNG: [tiffPart(RGB, { 262: [2], 277: [3], 50706: [1, 4, 0, 0] })],
    'linear DNG': [small, tiffPart(GRAY, { 262: [34892] })]
  }
  for (const [kind, pages] of Object.entries(raws)) {
    await t.rejects(decodeImage(tiffFile(pages), 1e6), { message: 'Cannot decode a RAW camera file; send the JPEG of the same photo instead' }, kind)
  }
})

t.test('of a damaged file, the decoder says what is wrong', async t => {
  t.equal(tiffPage(Buffer.from('II*\0')), 0)
  await t.rejects(decodeImage(Buffer.from('II*\0\xff\xff\xff\xff', 'latin1'), 1e6), { code: 'CORRUPT_IMAGE' })
})
