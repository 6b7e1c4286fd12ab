import t from 'tap'
import type { RunState } from '../../../bulk/queue/queued-run.ts'
import { toStatus, type Facts, type Machine } from '../../../bulk/queue/status.ts'

const run = { id: 'abc', key: 'k', model: 'nanodet-m', out: '/out', shardSize: 100, images: 1000, shards: 10, formats: [] }
const state: RunState = { run, isPlanned: true, round: 1, merged: 0, startedAt: 0 }
const NOW = 100_000
const machine = (values: Partial<Machine> = {}): Machine =>
  ({ host: 'a', pid: 1, workers: 2, imagesPerSecond: 20, shard: 3, done: 40, failed: 1, at: NOW - 1000, ...values })
const facts = (values: Partial<Facts> = {}): Facts =>
  ({ queue: 'q', state, jobs: { waiting: 6, active: 1, failed: 0 }, totals: {}, machines: [], setApart: [], now: NOW, ...values })

t.test('counts finished shards and those in work', async t => {
  const status = toStatus(facts({
    totals: { done: 295, CORRUPT_IMAGE: 3, UNREADABLE: 2, shards: 3 },
    machines: [machine(), machine({ host: 'b', imagesPerSecond: 5.04, shard: undefined, done: 9 }), machine({ at: NOW - 20_000 })]
  }))
  t.match(status, {
    state: 'running',
    run: { id: 'abc', model: 'nanodet-m', out: '/out' },
    images: { total: 1000, done: 334, failed: 6, by_code: { CORRUPT_IMAGE: 3, UNREADABLE: 2 } },
    shards: { total: 10, waiting: 6, active: 1, done: 3, set_apart: 0 },
    images_per_second: 25,
    eta_seconds: 26,
    seconds: 100
  })
  t.equal(status.machines.length, 2, 'a machine that reports no more is not shown')
})

t.test('has a state', async t => {
  t.match(toStatus(facts({ state: undefined })), { state: 'empty', images: { total: 0 }, seconds: 0 })
  t.equal(toStatus(facts({ state: { ...state, isPlanned: false } })).state, 'planning')
  const merging = facts({ jobs: { waiting: 0, active: 1, failed: 0 }, totals: { done: 1000, shards: 10 } })
  t.match(toStatus(merging), { state: 'merging', shards: { active: 0, done: 10 } }, 'the merge is not a shard')
  t.equal(toStatus(facts({ jobs: { waiting: 1, active: 0, failed: 0 } })).eta_seconds, undefined, 'nobody works')
})

t.test('after the end, images of shards set apart have failed', async t => {
  const setApart = [{ shard: 4, reason: 'its machine died three times', suspects: ['a.jpg'] }]
  const ended = { ...state, merged: 1, endedAt: 60_000 }
  const jobs = { waiting: 0, active: 0, failed: 1 }
  const status = toStatus(facts({ state: ended, jobs, totals: { done: 890, NOT_PROCESSED: 10, shards: 9 }, setApart }))
  t.match(status, {
    state: 'finished',
    images: { done: 890, failed: 110, by_code: { NOT_PROCESSED: 110 } },
    shards: { done: 9, set_apart: 1 },
    set_apart: setApart,
    seconds: 60
  })
  const { images } = toStatus(facts({ state: ended, totals: { done: 1000, shards: 10 } }))
  t.strictSame(images, { total: 1000, done: 1000, failed: 0, by_code: {} })
})
