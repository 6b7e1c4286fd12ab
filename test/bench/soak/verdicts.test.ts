import t from 'tap'
import { summarize, type Phase } from '../../../bench/soak/summary.ts'
import { judge } from '../../../bench/soak/verdicts.ts'

const phase = (name: string, more: Partial<Phase> = {}): Phase =>
  ({ ...summarize(name, { outcomes: [], seconds: 1, cpuSeconds: 0 }, { live: [], samples: [] }), ...more })
const ending = { exit_code: 0, exit_ms: 100, queue_depth: 0, worker_crashes: 0, rss_ratio: 1 }
const limits = { requestTimeout: 5000, shutdownTimeout: 10_000, cores: 2 }
const failed = (...args: Parameters<typeof judge>): string[] => judge(...args).filter(({ pass }) => !pass).map(({ name }) => name)

t.test('all is well', async t => {
  const phases = [phase('capacity', { goodput: 60 }), phase('2×', { goodput: 50 }), phase('4×', { goodput: 41.4, load_cpus: 0.2 })]
  const verdicts = judge(phases, ending, limits)
  t.ok(verdicts.every(({ pass }) => pass))
  t.same(verdicts[0], { name: 'goodput at 4×, of the best', value: 0.92, limit: '≥ 0.9', pass: true })
})

t.test('each promise that is broken', async t => {
  const broken = phase('4×', {
    goodput: 44,
    latency_ms: { p50: 1, p95: 1, p99: 10_001 },
    refused_without_retry_after: 1,
    live_p99_ms: 51,
    unanswered: 1,
    wrong: 1
  })
  const names = failed([phase('2×', { goodput: 50 }), broken], { exit_code: null, exit_ms: 10_001, queue_depth: 1, worker_crashes: 1, rss_ratio: 1.06 }, limits)
  t.equal(names.length, 11)
})

t.test('a phase that broke it is enough', async t => {
  t.same(failed([phase('1×', { unanswered: 1 }), phase('2×')], ending, limits), ['accepted requests without an answer'])
})
