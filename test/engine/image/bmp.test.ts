import t from 'tap'
import { decodeBmp, readBmpHeader } from '../../../engine/image/bmp.ts'
import { decodeImage } from '../../../engine/image/decode.ts'
import { bmpFile, bmpRows, type BmpParts } from '../../support/bmp-file.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { mutate } from '../../support/mutations.ts'
import { seeded } from '../../support/seeded.ts'

const [WIDTH, HEIGHT] = [5, 3]
/** Eight colors whose channels are 0 or 255, so that every depth has them. */
const COLORS = Array.from({ length: 8 }, (_, i) => [i & 1, i >> 1 & 1, i >> 2].map(bit => bit * 255) as [number, number, number])
const indexAt = (x: number, y: number, colors = 8): number => (x + 3 * y) % colors
const ROWS = [...Array(HEIGHT).keys()]
const COLUMNS = [...Array(WIDTH).keys()]
const expected = (colors = 8): number[] => ROWS.flatMap(y => COLUMNS.flatMap(x => COLORS[indexAt(x, y, colors)]!))

/** Rows of indices, packed. */
function packed (bits: number, colors: number): Buffer[] {
  return ROWS.map(y => {
    const row = Buffer.alloc(Math.ceil(WIDTH * bits / 8))
    for (const x of COLUMNS) row[Math.floor(x * bits / 8)]! |= indexAt(x, y, colors) << (8 - bits - x * bits % 8)
    return row
  })
}

/** Rows of pixels with a channel where each mask is. */
function masked (bytes: 2 | 4, masks: readonly number[]): Buffer[] {
  return ROWS.map(y => Buffer.concat(COLUMNS.map(x => {
    const pixel = COLORS[indexAt(x, y)]!.reduce((sum, value, c) => sum + (value > 0 ? masks[c]! : 0), 0)
    const buffer = Buffer.alloc(bytes)
    buffer.writeUIntLE(pixel, 0, bytes)
    return buffer
  })))
}

const bgr = (rest: number[] = []): Buffer[] =>
  ROWS.map(y => Buffer.from(COLUMNS.flatMap(x => [...COLORS[indexAt(x, y)]!.toReversed(), ...rest])))
const file = (parts: Partial<BmpParts> & { bits: number, data: Buffer }): Buffer => bmpFile({ width: WIDTH, height: HEIGHT, ...parts })

const RGBA = [0xff, 0xff00, 0xff0000, 0xff000000]
const BGR = [0xff000000, 0xff0000, 0xff00]
const FEW = [0xf800, 0x7e0, 0x1f]
const KINDS: Record<string, Buffer> = {
  '24 bits': file({ bits: 24, data: bmpRows(bgr()) }),
  '24 bits, OS/2': file({ bits: 24, headerSize: 12, data: bmpRows(bgr()) }),
  '24 bits, upper row first': file({ bits: 24, height: -HEIGHT, data: bmpRows(bgr().reverse()) }),
  '32 bits': file({ bits: 32, data: bmpRows(bgr([9])) }),
  '32 bits, masks after the header': file({ bits: 32, compression: 3, masks: RGBA.slice(0, 3), data: bmpRows(masked(4, RGBA)) }),
  '32 bits, masks with alpha after the header': file({ bits: 32, compression: 6, masks: RGBA, data: bmpRows(masked(4, RGBA)) }),
  '32 bits, the highest bits': file({ bits: 32, compression: 3, headerSize: 124, masks: BGR, data: bmpRows(masked(4, BGR)) }),
  '16 bits': file({ bits: 16, data: bmpRows(masked(2, [0x7c00, 0x3e0, 0x1f])) }),
  '16 bits of 5, 6 and 5': file({ bits: 16, compression: 3, headerSize: 108, masks: FEW, data: bmpRows(masked(2, FEW)) }),
  '8 bits': file({ bits: 8, palette: COLORS, data: bmpRows(packed(8, 8)) }),
  '8 bits, OS/2': file({ bits: 8, headerSize: 12, palette: COLORS, data: bmpRows(packed(8, 8)) }),
  '4 bits': file({ bits: 4, palette: COLORS, data: bmpRows(packed(4, 8)) }),
  '4 bits, OS/2 2': file({ bits: 4, headerSize: 64, palette: COLORS, data: bmpRows(packed(4, 8)) })
}

for (const [kind, bytes] of Object.entries(KINDS)) {
  t.test(kind, async t => {
    t.match(readBmpHeader(bytes), { width: WIDTH, height: HEIGHT })
    t.same([...decodeBmp(bytes).data], expected())
    const { data, ...image } = await decodeImage(bytes, WIDTH * HEIGHT)
    t.same(image, { width: WIDTH, height: HEIGHT, format: 'bmp', orientation: 1, pages: 1, space: 'srgb' })
    t.same([...data], expected())
    const tooLarge = { code: 'IMAGE_TOO_LARGE', problem: { declared: { width: WIDTH, height: HEIGHT } } }
    await t.rejects(decodeImage(bytes, WIDTH * HEIGHT - 1), tooLarge)
    await t.rejects(decodeImage(bytes.subarray(0, -4), 1e6), { code: 'CORRUPT_IMAGE' }, 'cut short')
  })
}

t.test('few colors', async t => {
  t.same([...decodeBmp(file({ bits: 1, palette: COLORS.slice(0, 2), data: bmpRows(packed(1, 2)) })).data], expected(2))
  t.same([...decodeBmp(file({ bits: 2, palette: COLORS.slice(0, 4), data: bmpRows(packed(2, 4)) })).data], expected(4))
})

t.test('channels of few bits take the whole range', async t => {
  const data = Buffer.alloc(4)
  data.writeUInt16LE(16 << 10 | 1 << 5 | 30)
  t.same([...decodeBmp(bmpFile({ width: 1, height: 1, bits: 16, data })).data], [132, 8, 247])
})

t.test('a color that the palette does not have is black, as is a channel without bits', async t => {
  const indexed = bmpFile({ width: 2, height: 1, bits: 8, palette: [[1, 2, 3]], data: Buffer.of(0, 1, 0, 0) })
  t.same([...decodeBmp(indexed).data], [1, 2, 3, 0, 0, 0])
  const masks = [0xff, 0, 0xff00]
  const masked = bmpFile({ width: 1, height: 1, bits: 32, compression: 3, masks, data: Buffer.of(7, 8, 9, 9) })
  t.same([...decodeBmp(masked).data], [7, 0, 8])
})

t.test('the end of the last row may be missing', async t => {
  const bytes = KINDS['24 bits']!
  t.same([...decodeBmp(bytes.subarray(0, -1)).data], expected())
  await t.rejects(decodeImage(bytes.subarray(0, -2), 1e6), { code: 'CORRUPT_IMAGE' })
})

t.test('run-length encoded pixels', async t => {
  const runs = [[1, 0], [2, 1], [2, 0], [0, 0], [0, 5, 1, 1, 0, 0, 1, 0], [0, 1]].flat()
  const bytes = bmpFile({ width: 5, height: 2, bits: 8, compression: 1, palette: COLORS, data: Buffer.from(runs) })
  t.same([...decodeBmp(bytes).data], [1, 1, 0, 0, 1, 0, 1, 1, 0, 0].flatMap(i => COLORS[i]!))
  const nibbles = bmpFile({ width: 5, height: 1, bits: 4, compression: 2, palette: COLORS, data: Buffer.of(5, 0x12, 0, 1) })
  t.same([...decodeBmp(nibbles).data], [1, 2, 1, 2, 1].flatMap(i => COLORS[i]!))
})

t.test('what is not read is named', async t => {
  const refused: Array<[Partial<BmpParts> & { bits: number }, string]> = [
    [{ bits: 24, compression: 4 }, 'Cannot decode a BMP of 24 bits in compression 4; send PNG instead'],
    [{ bits: 8, compression: 2 }, 'Cannot decode a BMP of 8 bits in compression 2; send PNG instead'],
    [{ bits: 1, compression: 3, headerSize: 64 }, 'Cannot decode a BMP of 1 bits in compression 3; send PNG instead'],
    [{ bits: 0 }, 'Cannot decode a BMP of 0 bits in compression 0; send PNG instead'],
    [{ bits: 16, compression: 3, headerSize: 64 }, 'Cannot decode a BMP of 16 bits in compression 3; send PNG instead']
  ]
  for (const [parts, message] of refused) {
    await t.rejects(decodeImage(file({ ...parts, data: Buffer.alloc(200) }), 1e6), { code: 'UNSUPPORTED_IMAGE', message })
  }
})

t.test('sizes that are impossible', async t => {
  for (const size of [{ width: 0 }, { width: -5 }, { height: 0 }]) {
    await t.rejects(decodeImage(file({ bits: 24, data: Buffer.alloc(60), ...size }), 1e6), { code: 'CORRUPT_IMAGE' }, JSON.stringify(size))
  }
  const spent = cpuClock()
  for (const side of [2 ** 31 - 1, 60_000]) {
    await t.rejects(decodeImage(file({ bits: 24, data: Buffer.alloc(60), width: side, height: -side }), 1e6), { code: 'IMAGE_TOO_LARGE' })
  }
  await t.rejects(decodeImage(file({ bits: 24, data: Buffer.alloc(60), width: 60_000, height: 60_000 }), Infinity), { code: 'CORRUPT_IMAGE' })
  t.ok(spent() < 200, 'nothing was allocated')
  const outside = Buffer.from(KINDS['24 bits']!)
  outside.writeUInt32LE(0xffffffff, 10)
  await t.rejects(decodeImage(outside, 1e6), { code: 'CORRUPT_IMAGE' })
})

t.test('damage of every kind is decoded or refused', async t => {
  const codes: Record<string, number> = {}
  const originals = Object.values(KINDS)
  for (let i = 0; i < 3000; i++) {
    const random = seeded(`bmp ${i}`)
    const { bytes } = mutate(originals[i % originals.length]!, random)
    const code = await decodeImage(bytes, 1e6)
      .then(({ data, width, height }) => data.length === width * height * 3 ? 'decoded' : 'wrong', error => String(error.code))
    codes[code] = (codes[code] ?? 0) + 1
  }
  const fair = ['decoded', 'CORRUPT_IMAGE', 'UNSUPPORTED_IMAGE', 'IMAGE_TOO_LARGE', 'EMPTY_IMAGE']
  t.same(Object.keys(codes).filter(code => !fair.includes(code)), [])
  t.ok(codes['decoded']! > 100 && codes['CORRUPT_IMAGE']! > 100, JSON.stringify(codes))
})
