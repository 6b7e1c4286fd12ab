import t from 'tap'
import { MachineReport } from '../../../bulk/queue/machine-report.ts'
import { bulkMetrics } from '../../../bulk/queue/metrics.ts'
import { toStatus, type Status } from '../../../bulk/queue/status.ts'
import { NO_PROGRESS } from '../../../bulk/queue/suspects.ts'

const run = { id: 'abc', key: 'k', model: 'nanodet-m', out: '/out', shardSize: 100, images: 1000, shards: 10, formats: [] }
const status: Status = toStatus({
  queue: 'q',
  state: { run, isPlanned: true, round: 1, merged: 0, startedAt: 0 },
  jobs: { waiting: 6, active: 1, failed: 0 },
  totals: { done: 290, CORRUPT_IMAGE: 10, shards: 3 },
  machines: [{ host: 'a', pid: 1, workers: 2, imagesPerSecond: 20, shard: 1, done: 0, failed: 0, at: 0 }],
  setApart: [],
  now: 1000
})

t.test('states the queue and this worker', async t => {
  const report = new MachineReport(2)
  const metrics = bulkMetrics(report, async () => status)
  report.beginShard(0, NO_PROGRESS)
  for (const failed of [true, false, false]) report.end('a', failed)
  report.endShard(true)
  t.match(metrics.contentType, 'text/plain')
  const text = await metrics.text()
  for (const line of [
    'redis_up 1', 'images 1000', 'images_done 290', 'images_failed 10', 'images_failed_by_code{code="CORRUPT_IMAGE"} 10', 'shards{state="waiting"} 6',
    'shards{state="done"} 3', 'shards{state="set_apart"} 0', 'images_per_second 20', 'eta_seconds 35', 'machines 1', 'worker_images_total 3',
    'worker_failed_total 1', 'worker_shards_total 1'
  ]) t.match(text, `\nnanodet_bulk_${line}\n`)
  t.match(await metrics.text(), '\nnanodet_bulk_worker_images_total 3\n', 'counters count once')
})

t.test('is there while Redis is away', async t => {
  const report = new MachineReport(2)
  t.match(await bulkMetrics(report, async () => { throw new Error('away') }).text(), '\nnanodet_bulk_redis_up 0\n')
  t.match(await bulkMetrics(report, async () => await new Promise(() => {})).text(), '\nnanodet_bulk_redis_up 0\n')
})

t.test('has no time to go once nobody works', async t => {
  const text = await bulkMetrics(new MachineReport(1), async () => ({ ...status, eta_seconds: undefined })).text()
  t.match(text, '\nnanodet_bulk_eta_seconds 0\n')
})
