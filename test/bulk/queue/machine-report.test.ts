import t from 'tap'
import { MachineReport } from '../../../bulk/queue/machine-report.ts'
import { NO_PROGRESS } from '../../../bulk/queue/suspects.ts'

t.test('reports the shard in work, and the rate of the last half minute', async t => {
  let now = 0
  const report = new MachineReport(2, () => now)
  t.match(report.machine(), { host: String, pid: process.pid, workers: 2, imagesPerSecond: 0, done: 0, failed: 0 })
  t.equal(report.machine().shard, undefined)
  report.beginShard(4, { ...NO_PROGRESS, deaths: [['x']] })
  for (const name of ['a', 'b', 'c']) report.begin(name)
  now = 10_000
  report.end('a', false)
  report.end('b', true)
  t.strictSame(report.progress(), { done: 2, failed: 1, inWork: ['c'], deaths: [['x']] })
  t.match(report.machine(), { shard: 4, imagesPerSecond: 0.2, done: 2, failed: 1 })
  report.endShard(true)
  t.equal(report.shard, undefined)
  now = 39_000
  t.equal(report.machine().imagesPerSecond, 0.1, '2 images in 30 s')
  now = 41_000
  t.equal(report.machine().imagesPerSecond, 0)
  report.beginShard(5, NO_PROGRESS)
  report.endShard(false)
  t.strictSame(report.totals, { images: 2, failed: 1, shards: 1 })
})
