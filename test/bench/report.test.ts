import t from 'tap'
import { toMarkdown, versusToMarkdown } from '../../bench/report.ts'
import { level, REPORT } from '../support/bench.ts'

t.test('the machine, the stages, the levels and the ratios', async t => {
  const text = toMarkdown(REPORT)
  t.match(text, /^Abacus <2>, 2 cores, .*\nnanodet-m-416 in fp32; 12 photos, 190 KB each on average; the server with 2 workers of 1 thread\n\n/)
  t.match(text, /\| bare, 1 thread +\| +ms \| CPU ms \|/)
  t.match(text, /\| predictions to boxes +\| 0\.50 \| +2 \|/)
  t.match(text, /\n\| +8 \| +100 \| +0 \| +80 \| 100 \| 150 \| 200 \| +20 \| +1\.25 \| +0\.10 \| 300 \| 0\.05 \| +0\.50 \|\n/)
  t.match(text, '\n\n10 turns of 1 second each: 80 requests/s of 8 clients, 100 photos/s of 2 bare pipelines at once: 0.800 (middle half: 0.750 … 0.850)\n\n')
  t.match(text, /\| requests\/s of 8 clients ÷ .* \| +0\.80 \|\n/)
})

t.test('what is not known is a dash', async t => {
  const text = toMarkdown({ ...REPORT, levels: [{ ...level(1, 12.345, 50), main_thread_ms: null }] })
  t.match(text, /\| 12\.3 \|.* \| +– \|/)
})

t.test('a comparison', async t => {
  const measures = [{ name: 'ms per photo', a: 20, b: 10.04, rounds: 3, ratio: 0.502, spread: [0.5, 0.6] as const }]
  const text = versusToMarkdown({ machine: REPORT.machine, photos: 3, sides: ['old', 'new'], environment: { WORKERS: '2', PRECISION: 'int8' }, measures })
  t.match(text, /^Abacus .*\n3 photos; A: old, B: new, in turn; WORKERS=2; PRECISION=int8\n\n\| median +\| rounds \| +A \| +B \| B ÷ A \| +middle half \|/)
  t.match(text, /\| ms per photo \| +3 \| +20 \| +10\.0 \| 0\.502 \| 0\.500 … 0\.600 \|\n$/)
})
