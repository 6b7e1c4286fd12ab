import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import t from 'tap'
import type { Lines } from '../../../bulk/formats/format.ts'
import { parquet } from '../../../bulk/formats/parquet.ts'
import { convert, LINES, linesOf, PERSON, resultLine, TIE } from '../../support/bulk-lines.ts'

async function parquetOf (t: Parameters<typeof convert>[0], lines: Lines) {
  const { store } = await convert(t, parquet, lines)
  const { buffer: file } = new Uint8Array(readFileSync(join(store.name, 'results.parquet')))
  return { file, metadata: parquetMetadata(file) }
}

const NOTHING = { label: null, class_id: null, score: null, x1: null, y1: null, x2: null, y2: null }

t.test('a row for each object, and one for each other image', async t => {
  const { file } = await parquetOf(t, LINES)
  const row = (file: string, { label, class_id: id, score, box }: typeof TIE) =>
    ({ file, width: 700, height: 800, label, class_id: id, score: Math.fround(score), ...mapped(box, Math.fround), error: null })
  t.strictSame((await parquetReadObjects({ file })).map(row => ({ ...row })), [
    row('a/1.jpg', PERSON),
    row('a/1.jpg', TIE),
    { file: 'a/empty.jpg', width: 700, height: 800, ...NOTHING, error: null },
    { file: 'a/broken.jpg', width: null, height: null, ...NOTHING, error: 'CORRUPT_IMAGE' },
    row('a.zip!/a/1.jpg', TIE)
  ])
})

const mapped = (box: object, change: (value: number) => number) =>
  Object.fromEntries(Object.entries(box).map(([name, value]) => [name, change(value)]))

t.test('a run of no images is a file without rows', async t => {
  const { file, metadata } = await parquetOf(t, linesOf())
  t.equal(metadata.num_rows, 0n)
  t.same(metadata.schema.slice(1).map(({ name }) => name), ['file', 'width', 'height', ...Object.keys(NOTHING), 'error'])
  t.same(await parquetReadObjects({ file }), [])
})

t.test('rows are written in groups', async t => {
  const images = 100
  const { file, metadata } = await parquetOf(t, async function * () {
    for (let i = 0; i < images; i++) yield resultLine(`photos/${i}.jpg`, ...Array.from({ length: 2000 }, () => TIE))
  })
  t.same(metadata.row_groups.map(({ num_rows: rows }) => rows), [100_000n, 100_000n])
  const last = await parquetReadObjects({ file, rowStart: 199_999, rowEnd: 200_000 })
  t.match(last, [{ file: 'photos/99.jpg', label: 'tie' }])
})

t.test('leaves no file if the lines end with an error', async t => {
  const failing: Lines = async function * () {
    yield resultLine('a.jpg', TIE)
    throw new Error('the disk is gone')
  }
  await t.rejects(convert(t, parquet, failing), { message: 'the disk is gone' })
  t.throws(() => readFileSync(join(t.testdirName, 'out/results.parquet')), { code: 'ENOENT' })
})
