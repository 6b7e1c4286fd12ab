import t from 'tap'
import { fromFields, isFinished, mergeJobId, runId, shardJobId, type QueuedRun } from '../../../bulk/queue/queued-run.ts'

const run: QueuedRun = { id: 'abc', key: 'k', model: 'nanodet-m', out: '/out', shardSize: 500, images: 10, shards: 1, formats: [] }

t.test('a run is of a key and an output', async t => {
  t.match(runId('key', '/out'), /^[0-9a-f]{12}$/)
  t.not(runId('key', '/out'), runId('key', '/out2'))
  t.not(runId('key', '/out'), runId('key2', '/out'))
  t.strictSame([shardJobId('abc', 7), mergeJobId('abc', 2)], ['abc-7', 'abc-merge-2'])
})

t.test('a run is finished once its last round is merged', async t => {
  t.equal(fromFields({}), undefined)
  const fields = { run: JSON.stringify(run), startedAt: '1000' }
  const state = fromFields(fields)!
  t.strictSame(state, { run, isPlanned: false, round: 1, merged: 0, startedAt: 1000 })
  t.equal(isFinished(state), false)
  const merged = fromFields({ ...fields, planned: '1', round: '2', merged: '2', endedAt: '2000' })!
  t.equal(merged.endedAt, 2000)
  const states = [merged, { ...merged, round: 3 }, { ...merged, isPlanned: false }]
  t.strictSame(states.map(isFinished), [true, false, false])
})
