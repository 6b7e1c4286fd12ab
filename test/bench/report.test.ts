import t from 'tap'
import { toMarkdown, versusToMarkdown } from '../../bench/report.ts'
import { level, REPORT } from '../support/bench.ts'

t.test('the machine, the stages, the levels and the ratios', async t => {
  const text = toMarkdown(REPORT)
  t.match(text, /^Abacus <2>, 2 cores, .*\nnanodet-m-416; 12 photos, 190 KB each on average; the server with 2 workers of 1 thread\n\n/)
  t.match(text, /\| bare, 1 thread +\| +ms \| CPU ms \|/)
  t.match(text, /\| predictions to boxes +\| 0\.50 \| +2 \|/)
  t.match(text, /\n\| +8 \| +100 \| +0 \| +80 \| 100 \| 150 \| 200 \| +20 \| +1\.25 \| +0\.10 \| 300 \| 0\.05 \| +0\.50 \|\n/)
  t.match(text, /\| requests\/s of 8 clients ÷ .* \| +0\.80 \|\n/)
})

t.test('what is not known is a dash', async t => {
  const text = toMarkdown({ ...REPORT, levels: [{ ...level(1, 12.345, 50), main_thread_ms: null }] })
  t.match(text, /\| 12\.3 \|.* \| +– \|/)
})

t.test('a comparison', async t => {
  const sides = [
    { name: 'A: old', median: 20, ratio: 1, spread: [1, 1] as const },
    { name: 'B: new', median: 10.04, ratio: 1.98, spread: [1.9, 2.1] as const }
  ]
  const text = versusToMarkdown({ machine: REPORT.machine, photos: 3, rounds: 1, sides })
  t.match(text, /^Abacus .*\n3 photos, each run 1 time by either side, in turn\n\n\| side +\| ms, median \| times as fast as A \|/)
  t.match(text, /\| B: new \| +10\.0 \| +1\.980 \| 1\.900 … 2\.100 \|\n$/)
})
