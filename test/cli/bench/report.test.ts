import t from 'tap'
import { toMarkdown } from '../../../cli/bench/report.ts'
import { level, REPORT } from '../../support/bench.ts'

t.test('the machine, the stages, the levels and the ratios', async t => {
  const text = toMarkdown(REPORT)
  t.match(text, /^Abacus <2>, 2 cores, .*\nnanodet-m-416; 12 photos, 190 KB each on average; the server with 2 workers of 1 thread\n\n/)
  t.match(text, /\| bare, 1 thread +\| +ms \| CPU ms \|/)
  t.match(text, /\| predictions to boxes +\| 0\.50 \| +2 \|/)
  t.match(text, /\n\| +8 \| +100 \| +0 \| +80 \| 100 \| 150 \| 200 \| +20 \| +1\.25 \| +0\.10 \| 300 \| 0\.05 \|\n/)
  t.match(text, /\| requests\/s of 8 clients ÷ .* \| +0\.80 \|\n/)
})

t.test('what is not known is a dash', async t => {
  const text = toMarkdown({ ...REPORT, levels: [{ ...level(1, 12.345, 50), main_thread_ms: null }] })
  t.match(text, /\| 12\.3 \|.* \| +– \|/)
})
