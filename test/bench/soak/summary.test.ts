import t from 'tap'
import { summarize } from '../../../bench/soak/summary.ts'
import type { Outcome } from '../../../cli/load/request.ts'

t.test('counts what requests came to', async t => {
  const answered = (kind: Outcome['kind'], status: number, more: Partial<Outcome> = {}): Outcome =>
    ({ kind, end: 'answered', ms: 10, status, ...more })
  const outcomes: Outcome[] = [
    answered('photo', 200), answered('photo', 200, { ms: 30 }),
    answered('photo', 503, { code: 'OVERLOADED', retryAfter: true }), answered('huge', 503, { code: 'NOT_READY', retryAfter: false }),
    answered('huge', 413, { code: 'IMAGE_TOO_LARGE' }), answered('garbage', 500, { code: 'INTERNAL_ERROR' }),
    { kind: 'photo', end: 'aborted', ms: 5 }, { kind: 'photo', end: 'unanswered', ms: 5 }, { kind: 'photo', end: 'not_accepted', ms: 5 }
  ]
  const samples = [
    { rssMib: 100, loopDelayMs: 11, queueDepth: 3, crashes: 0 },
    { rssMib: 101.25, loopDelayMs: 12, queueDepth: 1, crashes: 0 },
    { rssMib: null, loopDelayMs: 12, queueDepth: 1, crashes: 0 }
  ]
  t.same(summarize('4×', { outcomes, seconds: 2, cpuSeconds: 0.5 }, { live: [1, 2, 3], samples }), {
    name: '4×',
    seconds: 2,
    requests: 9,
    ok: 2,
    goodput: 1,
    refused: 2,
    refused_without_retry_after: 1,
    errors: { OVERLOADED: 1, NOT_READY: 1, IMAGE_TOO_LARGE: 1, INTERNAL_ERROR: 1 },
    wrong: 1,
    aborted: 1,
    not_accepted: 1,
    unanswered: 1,
    latency_ms: { p50: 20, p95: 29, p99: 29.8 },
    live_p99_ms: 3,
    event_loop_p99_ms: 12,
    queue_depth_max: 3,
    load_cpus: 0.25,
    rss_mib: [100, 101.3]
  })
})
