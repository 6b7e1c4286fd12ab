import t from 'tap'
import { checkClasses, checkPredictions } from '../../../engine/tasks/check-scores.ts'
import type { DetectorConfig } from '../../../models/config.ts'
import { REGISTRY } from '../../../models/registry.ts'

const config: DetectorConfig = { ...REGISTRY.get('nanodet-m')!, name: 'mine', labels: ['cat'], scores: 'probabilities' }
/** Predictions of points with a score each, and four sides. */
const check = (points: number[][], change: Partial<DetectorConfig> = {}) =>
  checkPredictions(Float32Array.from(points.flat()), { ...config, head: { ...config.head, regMax: 0 }, ...change })
const sides = [1, 1, 1, 1]

t.test('scores must lie within 0 and 1, but for rounding', async t => {
  check([[0, ...sides], [1, ...sides], [1.004, ...sides]])
  const refused = (score: number, message: RegExp) => t.throws(() => check([[0.5, ...sides], [score, ...sides]]), { name: 'ModelFileError', message })
  refused(6.978, /^mine: scores of a black image range from 0\.5 to 6\.98, not from 0 to 1\. If they are logits, set "scores": "logits" in mine\.json; otherwise "labels", "head" or "boxes" don't fit the graph$/)
  refused(-3, /from -3 to 0\.5/)
  refused(NaN, /from NaN to NaN/)
  check([[6.98, ...sides]], { scores: 'logits' })
  checkPredictions(Float32Array.from([0.5, ...new Array(32).fill(-9)]), config)
})

t.test('most boxes must have their sides in order', async t => {
  check([...Array.from({ length: 9 }, () => [0.5, -3, 1, 4, 1]), [0.5, 1, 1, -2, 1]])
  t.throws(() => check([[0.5, ...sides], [0.5, 1, 1, -2, 1]]), { name: 'ModelFileError', message: /^mine: 1 of 2 boxes of a black image have x2 < x1 or y2 < y1\. Set "boxes": "corners" or "distances" in mine\.json/ })
  t.throws(() => check([[0.5, 1, NaN, 1, 1]]), { name: 'ModelFileError' })
})

t.test('probabilities of classes', async t => {
  checkClasses(Float32Array.of(0.2, 0.8), { name: 'kinds', scores: 'probabilities' })
  checkClasses(Float32Array.of(-4, 8), { name: 'kinds', scores: 'logits' })
  t.throws(() => checkClasses(Float32Array.of(-4, 8), { name: 'kinds', scores: 'probabilities' }), { message: /^kinds: .*range from -4 to 8/ })
})
