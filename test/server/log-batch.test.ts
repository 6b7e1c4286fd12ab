import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { LogBatch } from '../../server/log-batch.ts'

/** A batch, and the writes and flushes that come out of it. */
function start () {
  const written: string[] = []
  return { written, batch: new LogBatch({ write: lines => { written.push(lines) }, flushSync: () => { written.push('flushed') } }) }
}

t.test('lines of a moment are written together, in order', async t => {
  const { written, batch } = start()
  for (const line of ['a\n', 'b\n', 'c\n']) batch.write(line)
  t.same(written, [])
  await sleep(200)
  t.same(written, ['a\nb\nc\n'])
  batch.write('d\n')
  await sleep(200)
  t.same(written, ['a\nb\nc\n', 'd\n'])
})

t.test('many lines do not wait', async t => {
  const { written, batch } = start()
  batch.write('x'.repeat(20_000))
  t.same(written.map(({ length }) => length), [20_000])
  batch.release()
  t.equal(written.length, 1, 'nothing is left to write')
})

t.test('a fatal error is written at once', async t => {
  const { written, batch } = start()
  batch.write('fatal\n')
  batch.flushSync()
  t.same(written, ['fatal\n', 'flushed'])
})
