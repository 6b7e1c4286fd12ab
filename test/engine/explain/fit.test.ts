import t from 'tap'
import type { Explanation } from '../../../engine/explain/explanation.ts'
import { bytesOf, fit } from '../../../engine/explain/fit.ts'

const explanationOf = (count: number, labels: readonly string[]): Explanation => ({
  input: { width: 8, height: 8 },
  warp: { scale: [1, 1], pad: [0, 0] },
  options: { score_threshold: 0.3, iou_threshold: 0.6, max_detections: 100 },
  labels,
  complete_above: 0.01,
  offset: 0.5,
  levels: [{ stride: 8, width: count, height: 1 }],
  cells: Array.from({ length: count }, (_, column) => ({ level: 0, column, row: 0, box: [0, 0, 1, 1], input_box: [0, 0, 1 / 3, 1 / 7] })),
  // the best candidate is in the last cell
  candidates: Array.from({ length: count }, (_, i) => ({ cell: count - 1 - i, class_id: 1, score: 0.9 - i / 2000, state: 'kept' }))
})

t.test('what fits stays as it is', async t => {
  const explanation = explanationOf(100, ['cat', 'dog'])
  t.same(fit(explanation, 100_000), explanation)
})

t.test('many labels: only those of candidates', async t => {
  const labels = Array.from({ length: 10_000 }, (_, i) => `a long label ${i}`)
  const fitting = fit(explanationOf(100, labels), 300_000)
  t.equal(fitting.labels.length, 10_000)
  t.same(fitting.labels.filter(label => label !== ''), ['a long label 1'])
  t.equal(fitting.candidates.length, 100)
})

t.test('many candidates: only the best, with their cells', async t => {
  const explanation = explanationOf(1000, ['cat', 'dog'])
  const fitting = fit(explanation, 100_000)
  const { candidates, cells } = fitting
  t.ok(bytesOf(fitting) <= 84_000)
  t.ok(candidates.length > 300 && candidates.length < 1000)
  t.same(candidates.map(({ score }) => score), explanation.candidates.slice(0, candidates.length).map(({ score }) => score))
  t.equal(fitting.complete_above, explanation.candidates[candidates.length]!.score)
  t.same(candidates.map(({ cell }) => cells[cell]!.column), candidates.map((_, i) => 999 - i))
  t.equal(cells.length, candidates.length)
})

t.test('without room, no candidates', async t => {
  t.match(fit(explanationOf(3, ['cat', 'dog']), 0), { candidates: [], cells: [], labels: ['', ''], complete_above: 0.9 })
})
