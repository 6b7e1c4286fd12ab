import t from 'tap'
import { runEndurance } from '../../../bench/soak/plans.ts'
import { startServer } from '../../../cli/load/server-process.ts'
import { photo } from '../../support/files.ts'

t.test('phases one after the other, and how the server ended', async t => {
  const server = await startServer({ WORKERS: '1' })
  t.teardown(() => server.end())
  const one = [photo('sample-me.jpg')]
  const images = { photo: one, garbage: [Buffer.from('text')], truncated: [one[0]!.subarray(0, 20_000)], huge: [Buffer.from('text')] }
  const names: string[] = []
  const { phases, ending } = await runEndurance({ server, images, seconds: 3, onPhase: name => names.push(name) }, 20)
  t.same(names, ['first 2', '18 more', 'SIGTERM'])
  t.same(phases.map(({ name }) => name), names)
  t.match(ending, { exit_code: 0, queue_depth: 0, worker_crashes: 0 })
  t.ok(ending.rss_ratio! > 0.5 && ending.rss_ratio! < 2)
})
