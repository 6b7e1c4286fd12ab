import t from 'tap'
import { toStatus, type Facts } from '../../../bulk/queue/status.ts'
import { duration, setApartText, statusText } from '../../../cli/bulk/status-text.ts'

const run = { id: 'abc', key: 'k', model: 'nanodet-m', out: '/out', shardSize: 1000, images: 12_000, shards: 12, formats: [] }
const facts: Facts = {
  queue: 'archive',
  state: { run, isPlanned: true, round: 1, merged: 0, startedAt: 0 },
  jobs: { waiting: 8, active: 1, failed: 1 },
  totals: { done: 1990, CORRUPT_IMAGE: 10, shards: 2 },
  machines: [
    { host: 'a', pid: 7, workers: 2, imagesPerSecond: 40, shard: 3, done: 500, failed: 0, at: 60_000 },
    { host: 'b', pid: 8, workers: 4, imagesPerSecond: 0, done: 0, failed: 0, at: 60_000 }
  ],
  setApart: [{ shard: 5, reason: 'its machine died three times', suspects: ['/photos/a\n.jpg'] }, { shard: 6, reason: 'why', suspects: [] }],
  now: 62_000
}

t.test('a status for people', async t => {
  const lines = statusText(toStatus(facts)).split('\n')
  t.strictSame(lines.slice(0, 4), [
    'archive: running; nanodet-m → /out',
    'images: 2,490 of 12,000 done, 10 failed (10 CORRUPT_IMAGE)',
    'shards: 2 done, 1 active, 8 waiting, 1 set apart',
    '40.0 images/s, 2 machines, 1 min 2 s so far, 3 min 58 s to go'
  ])
  t.match(lines.join('\n'), /│ a:7 +│ +2 │ +40\.0 │ +3 │ +500 │\n.*\n?│ b:8 +│ +4 │ +0\.0 │ +│ +│/)
  t.strictSame(lines.slice(-3), [
    'shard 5 was set apart: its machine died three times; in work each time: /photos/a\\u000a.jpg', 'shard 6 was set apart: why', ''
  ])
  t.equal(setApartText(facts.setApart[1]!), 'shard 6 was set apart: why')
})

t.test('a queue without a run, or with nobody at work', async t => {
  t.equal(statusText(toStatus({ ...facts, state: undefined })), 'archive: no run; nanodet bulk plan adds one\n')
  const text = statusText(toStatus({ ...facts, totals: {}, machines: [facts.machines[1]!], setApart: [] }))
  t.match(text, 'images: 0 of 12,000 done, 0 failed\n')
  t.match(text, '0.0 images/s, 1 machine, 1 min 2 s so far\n')
})

t.test('durations', async t => {
  t.strictSame([42, 62, 3 * 3600 + 720, 90_000].map(duration), ['42 s', '1 min 2 s', '3 h 12 min', '1 d 1 h'])
})
