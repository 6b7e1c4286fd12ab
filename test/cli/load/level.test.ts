import t from 'tap'
import { measureLevel } from '../../../cli/load/level.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

t.test('a few requests', async t => {
  const { app } = await startApp(t)
  const server = { base: await app.listen({ port: 0, host: '127.0.0.1' }), pid: process.pid }
  const photos = [photo('sample-me.jpg'), Buffer.from('no photo')]
  const level = await measureLevel(server, { photos, concurrency: 2, seconds: 60, requests: 6 })
  t.match(level, { concurrency: 2, requests: 6, failed: 3 })
  const { latency_ms: { p50, p95, p99 }, event_loop_utilization: busy } = level
  t.ok(p50 > 0 && p50 <= p95 && p95 <= p99)
  t.ok(level.requests_per_second > 0 && level.load_cpus > 0)
  t.ok(busy > 0 && busy <= 1)
  if (process.platform !== 'linux') return
  t.ok(level.cpu_ms! > 0 && level.rss_mib! > 50 && level.other_cpus! >= 0)
  t.ok(level.main_thread_ms! > 0 && level.main_thread_ms! < level.cpu_ms!)
})
