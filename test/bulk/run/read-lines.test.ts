import t from 'tap'
import { parseLine, readLines } from '../../../bulk/run/read-lines.ts'

async function linesOf (path: string, range?: { start?: number, end?: number }): Promise<Array<[string, number]>> {
  const lines: Array<[string, number]> = []
  for await (const { bytes, offset } of readLines(path, range)) lines.push([String(bytes), offset])
  return lines
}

t.test('complete lines, and where they begin', async t => {
  const long = 'x'.repeat(3 * 2 ** 20)
  const folder = t.testdir({ a: `one\n\n${long}\ntwo\ntorn`, empty: '' })
  t.same(await linesOf(`${folder}/a`), [['one', 0], ['', 4], [long, 5], ['two', 6 + long.length]])
  t.same(await linesOf(`${folder}/a`, { end: 5 }), [['one', 0], ['', 4]])
  t.same(await linesOf(`${folder}/a`, { end: 0 }), [])
  t.same(await linesOf(`${folder}/a`, { start: 4, end: 5 }), [['', 4]])
  t.same(await linesOf(`${folder}/a`, { start: 6 + long.length }), [['two', 6 + long.length]])
  t.same(await linesOf(`${folder}/empty`), [])
  await t.rejects(linesOf(`${folder}/none`), { code: 'ENOENT' })
})

t.test('lines that are none of results.jsonl', async t => {
  const image = { file: 'a.jpg', stamp: '1', sha256: '' }
  const parsed = (line: object) => parseLine(Buffer.from(JSON.stringify(line)))
  for (const line of [{ ...image, image: {}, detections: [] }, { ...image, error: { code: 'UNREADABLE', message: '' } }]) t.same(parsed(line), line)
  for (const contents of [{}, { detections: [] }, { image: {}, detections: {} }, { error: null }, { error: { code: 'toString' } }]) {
    t.equal(parsed({ ...image, ...contents }), undefined, JSON.stringify(contents))
  }
  for (const text of ['', '\0\0', '{"file":"a', 'null', '7', '{}', '{"file":"a.jpg","stamp":"1"}']) t.equal(parseLine(Buffer.from(text)), undefined, text)
})
