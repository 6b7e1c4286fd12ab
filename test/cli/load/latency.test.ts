import t from 'tap'
import { latencyOf } from '../../../cli/load/latency.ts'

t.test('percentiles of times in any order', async t => {
  t.same(latencyOf(Array.from({ length: 101 }, (_, i) => 100 - i)), { p50: 50, p95: 95, p99: 99 })
  t.same(latencyOf([]), { p50: 0, p95: 0, p99: 0 })
})
