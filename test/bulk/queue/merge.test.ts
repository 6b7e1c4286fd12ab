import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { csv } from '../../../bulk/formats/csv.ts'
import { merge } from '../../../bulk/queue/merge.ts'
import { writeShard } from '../../../bulk/queue/shard-file.ts'
import { doneLine, failedLine, planned } from '../../support/shards.ts'

t.test('joins shards in order; images of missing shards are not processed', async t => {
  const { store } = await planned(t.testdir(), 8)
  await writeShard(store, 2, [doneLine('6'), failedLine('7', 'UNREADABLE')])
  await writeShard(store, 0, ['0', '1', '2'].map(name => doneLine(name, '"error":{')))
  const read = (path: string) => readFileSync(join(store.name, path), 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line))
  const options = { store, shardSize: 3, formats: [csv], context: { labels: ['person'] } }
  for (let i = 0; i < 2; i++) {
    t.strictSame(await merge(options), { images: 8, tally: { done: 4, NOT_PROCESSED: 3, UNREADABLE: 1 }, missing: 1, notes: [] })
    t.strictSame(read('results.jsonl').map(({ file }) => file), ['0', '1', '2', '3', '4', '5', '6', '7'])
    t.strictSame(read('failed.jsonl').map(({ file, error }) => [file, error.code, error.message]), [
      ...['3', '4', '5'].map(file => [file, 'NOT_PROCESSED', 'Shard 1 has no results: it was set apart, or lost']), ['7', 'UNREADABLE', 'why']
    ])
    t.ok(await store.exists('results.csv'))
  }
})

t.test('many failures are written in pieces', async t => {
  const { store } = await planned(t.testdir(), 6000)
  const merged = await merge({ store, shardSize: 3, formats: [], context: { labels: [] } })
  t.match(merged, { images: 6000, tally: { NOT_PROCESSED: 6000 }, missing: 2000 })
  t.equal(readFileSync(join(store.name, 'failed.jsonl'), 'utf8'), readFileSync(join(store.name, 'results.jsonl'), 'utf8'))
})
