import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { readResults, ResultsFile } from '../../../bulk/run/results-file.ts'
import { failedLine, resultLine, toText } from '../../support/result-lines.ts'

const [a, b, c] = [resultLine('a.jpg'), failedLine('b.jpg'), failedLine('c.jpg', 'UNREADABLE')]

t.test('lines are appended at once, and failures listed at the end', async t => {
  const folder = t.testdir()
  const results = await ResultsFile.open(folder)
  for (const line of [a, b, c]) results.append(line)
  t.equal(await readFile(`${folder}/results.jsonl`, 'utf8'), toText([a, b, c]))
  t.same(await results.finish(), { images: 3, failed: 2, byCode: { CORRUPT_IMAGE: 1, UNREADABLE: 1 } })
  t.equal(await readFile(`${folder}/failed.jsonl`, 'utf8'), toText([b, c]))
  const lines = []
  for await (const line of readResults(folder)) lines.push(line)
  t.same(lines, [a, b, c])
  await t.rejects(readResults(folder, AbortSignal.abort(new Error('stopped'))).next(), { message: 'stopped' })
  t.same((await readdir(folder)).sort(), ['failed.jsonl', 'results.jsonl'])
})

t.test('a torn last line is cut off, and a damaged one dropped', async t => {
  const folder = t.testdir({ 'results.jsonl': `${toText([a])}\0\0\0\n${toText([b])}{"file":"torn` })
  const results = await ResultsFile.open(folder)
  t.ok(results.index.hasLine('a.jpg') && results.index.hasLine('b.jpg'))
  results.append(c)
  t.equal(await readFile(`${folder}/results.jsonl`, 'utf8'), `${toText([a])}\0\0\0\n${toText([b, c])}`)
  await results.finish()
  t.equal(await readFile(`${folder}/results.jsonl`, 'utf8'), toText([a, b, c]))
})

t.test('the last line of an image counts', async t => {
  const folder = t.testdir({ 'results.jsonl': toText([c, a]) })
  const results = await ResultsFile.open(folder)
  t.ok(results.index.hasStamp('c.jpg', '1', false))
  t.notOk(results.index.hasStamp('c.jpg', '1', true))
  results.append(resultLine('c.jpg', '2'))
  t.same(await results.finish(), { images: 2, failed: 0, byCode: {} })
  t.equal(await readFile(`${folder}/results.jsonl`, 'utf8'), toText([a, resultLine('c.jpg', '2')]))
  t.equal(await readFile(`${folder}/failed.jsonl`, 'utf8'), '')
})

t.test('lines are synced now and then, while others are written', async t => {
  const folder = t.testdir()
  const results = await ResultsFile.open(folder)
  await sleep(1010)
  for (const line of [a, b, c]) results.append(line)
  await results.close()
  t.equal(await readFile(`${folder}/results.jsonl`, 'utf8'), toText([a, b, c]))
})

t.test('what can\'t be written is named', async t => {
  const folder = t.testdir({ 'results.jsonl': {}, lost: {}, taken: { 'failed.jsonl': { x: '' } } })
  await t.rejects(ResultsFile.open(folder), { name: 'SourceError', message: `${folder}/results.jsonl: is a directory, not a file` })
  await t.rejects(ResultsFile.open(`${folder}/none`), { message: `${folder}/none/results.jsonl: no such file or directory` })
  const lost = await ResultsFile.open(`${folder}/lost`)
  await lost.close()
  t.throws(() => lost.append(a), { name: 'SourceError', message: /lost\/results\.jsonl: / })
  const results = await ResultsFile.open(`${folder}/taken`)
  results.append(a)
  await t.rejects(results.finish(), { name: 'SourceError', message: /taken\/failed\.jsonl: / })
  t.same((await readdir(`${folder}/taken`)).sort(), ['failed.jsonl', 'results.jsonl'])
})
