import t from 'tap'
import { detailsOf } from '../../../engine/explain/details.ts'

t.test('scores in ten-thousandths, and four distributions', async t => {
  const predictions = Float32Array.from({ length: 2 * 10 }, (_, i) => i < 10 ? 9 : 0)
  t.same(detailsOf({ predictions, layout: { numClasses: 2, regMax: 1 } }, 1),
    { class_scores: [5000, 5000], distributions: Array(4).fill([500_000, 500_000]) })
})

t.test('networks that predict distances have no distributions, and probabilities stay as they are', async t => {
  const predictions = Float32Array.of(0.25, NaN, 1, 2, 3, 4)
  t.same(detailsOf({ predictions, layout: { numClasses: 2, regMax: 0, scores: 'probabilities' } }, 0), { class_scores: [2500, 0] })
})
