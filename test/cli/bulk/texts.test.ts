import t from 'tap'
import { plannedJson, plannedText, retriedText } from '../../../cli/bulk/texts.ts'

const queued = { id: 'abc', key: 'k', model: 'm', out: '/out', shardSize: 500, images: 1200, shards: 3, formats: [] }

t.test('what was planned', async t => {
  const planned = { queued, added: 2, hadManifest: true, wasFinished: false, mergesAgain: false }
  t.equal(plannedText(planned), '1200 images in 3 shards; added 2\n')
  t.equal(plannedText({ ...planned, wasFinished: true }), '1200 images in 3 shards; the run is finished\n')
  const merging = { ...planned, queued: { ...queued, formats: ['csv', 'parquet'] }, added: 0, mergesAgain: true }
  t.equal(plannedText(merging), '1200 images in 3 shards; merging again for csv, parquet\n')
  t.strictSame(JSON.parse(plannedJson(planned)), { run: 'abc', out: '/out', images: 1200, shards: 3, added: 2, finished: false })
})

t.test('what is tried again', async t => {
  t.equal(retriedText({ apart: 0, failed: 0, skipped: [] }), 'Nothing failed for a reason that can change\n')
  const text = retriedText({ apart: 1, failed: 2, skipped: ['a\u001b[2J.jpg'] })
  t.equal(text, 'Added 1 shards without results, and 2 with images to try again\nleft out: a\\u001b[2J.jpg\n')
})
