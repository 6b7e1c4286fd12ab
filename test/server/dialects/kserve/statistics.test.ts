import t from 'tap'
import { Statistics } from '../../../../server/dialects/kserve/statistics.ts'

t.test('counts, and nanoseconds in all', async t => {
  const statistics = new Statistics()
  t.match(statistics.report(['a']).model_stats, [{ name: 'a', version: '1', inference_count: 0, last_inference: 0, batch_stats: [], memory_usage: [] }])
  const times = { queue: 1, decode: 2, preprocess: 3, inference: 10, postprocess: 0.5, total: 17 }
  statistics.succeeded('a', times)
  statistics.succeeded('a', { ...times, total: 18.0000001 })
  statistics.failed('a', 5)
  statistics.succeeded('b', { total: 1 })
  const { model_stats: [a, b] } = statistics.report(['a', 'b'])
  const computing = { compute_input: { count: 2, ns: 10e6 }, compute_infer: { count: 2, ns: 20e6 }, compute_output: { count: 2, ns: 1e6 } }
  t.match(a, { inference_count: 2, execution_count: 2, batch_stats: [{ batch_size: 1, ...computing }] })
  t.same(a!.inference_stats, {
    success: { count: 2, ns: 35e6 },
    fail: { count: 1, ns: 5e6 },
    queue: { count: 2, ns: 2e6 },
    ...computing,
    cache_hit: { count: 0, ns: 0 },
    cache_miss: { count: 0, ns: 0 }
  })
  t.ok(Math.abs(Date.now() - a!.last_inference) < 60_000)
  t.match(b!.inference_stats, { success: { count: 1, ns: 1e6 }, queue: { count: 1, ns: 0 } })
})
