import t from 'tap'
import { toText } from '../../../bench/soak/report.ts'
import { summarize } from '../../../bench/soak/summary.ts'

t.test('tables for people', async t => {
  const samples = [{ rssMib: 300, loopDelayMs: 11, queueDepth: 0, crashes: 0 }]
  const phase = summarize('capacity', { outcomes: [{ kind: 'photo', end: 'answered', ms: 12, status: 200 }], seconds: 1, cpuSeconds: 0.1 }, { live: [2], samples })
  const text = toText({
    node: 'v20.20.2',
    cpus: 2,
    workers: 2,
    load_average: 0.1,
    request_timeout_ms: 5000,
    start_ms: 1230,
    phases: [phase],
    verdicts: [{ name: 'answers', value: 1, limit: '≤ 2', pass: true }, { name: 'exit code', value: null, limit: '= 0', pass: false }]
  })
  t.match(text, 'Node v20.20.2, 2 cores, load average 0.1 before, 2 workers, ready after 1.2 s\n')
  t.match(text, /│ phase +│ seconds │ sent │ ok │ ok\/s │ refused │/)
  t.match(text, /│ capacity │ +1 │ +1 │ +1 │ +1 │ +0 │/)
  t.match(text, /│ answers +│ +1 │ ≤ 2 +│ yes/)
  t.match(text, /│ exit code +│ +null │ = 0 +│ NO/)
})
