import t from 'tap'
import { readTiffPages } from '../../../engine/image/tiff-pages.ts'
import { cpuClock } from '../../support/cpu-time.ts'
import { tiffFile, tiffPart } from '../../support/tiff-file.ts'

const DATA = Buffer.alloc(128)
const PAGES = [tiffPart(DATA, { 254: [1], 258: [8, 8, 8], 277: [3] }, [tiffPart(DATA, { 256: [70_000] })]), tiffPart(DATA, { 262: [2] })]

t.test('pages and what hangs below them, in every form of the file', async t => {
  for (const isBigEndian of [false, true]) {
    for (const isBigTiff of [false, true]) {
      const { pages, nested } = readTiffPages(tiffFile(PAGES, { isBigEndian, isBigTiff }))
      t.same(pages.map(page => [254, 258, 262, 277].map(tag => page.get(tag))), [[[1], [8, 8, 8], [1], [3]], [undefined, [8], [2], [1]]])
      t.same(nested.map(page => page.get(256)), [[70_000]])
    }
  }
})

t.test('a file that is not one, or ends at once, has no pages', async t => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('II*\0'), Buffer.from('II*\0\xff\xff\xff\xff', 'latin1'), Buffer.from('II+\0\x08\0\0\0', 'latin1')]) {
    t.same(readTiffPages(bytes), { pages: [], nested: [] })
  }
})

t.test('circles, and pages and tags without end, take no time', async t => {
  const circle = tiffFile([tiffPart(DATA)])
  const place = circle.readUInt32LE(4)
  circle.writeUInt32LE(place, circle.length - 4)
  const spent = cpuClock()
  t.equal(readTiffPages(circle).pages.length, 64)
  const tags = tiffFile([tiffPart(DATA)])
  tags.writeUInt16LE(0xffff, tags.readUInt32LE(4))
  t.equal(readTiffPages(tags).pages.length, 1)
  const values = tiffFile([tiffPart(DATA, { 258: Array<number>(16).fill(8), 320: Array<number>(768).fill(1) })])
  t.same([...readTiffPages(values).pages[0]!.keys()].filter(tag => [258, 320].includes(tag)), [258], 'a color table is left out')
  t.ok(spent() < 200)
})

t.test('values outside the file are left out', async t => {
  const bytes = tiffFile([tiffPart(DATA, { 258: [8, 8, 8] })])
  const entry = bytes.readUInt32LE(4) + 2 + 2 * 12
  t.equal(bytes.readUInt16LE(entry), 258)
  bytes.writeUInt32LE(bytes.length - 2, entry + 8)
  const [page] = readTiffPages(bytes).pages
  t.notOk(page!.has(258))
  t.same(page!.get(262), [1])
})
