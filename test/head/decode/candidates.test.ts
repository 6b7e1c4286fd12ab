import t from 'tap'
import { candidates, MAX_CANDIDATES, scoreOf, valuesOf } from '../../../head/decode/candidates.ts'
import { centerPriors } from '../../../head/decode/priors.ts'

const INPUT = { width: 32, height: 16 }
const priors = centerPriors(INPUT, [8], 0.5)
const layout = { numClasses: 2, regMax: 0 } as const
const values = valuesOf(layout)

/** Random logits with a box of one stride around each point. */
function randomPredictions (points: number): Float32Array {
  const random = (i: number): number => 4 * Math.sin(i * i + 1)
  return Float32Array.from({ length: points * values }, (_, i) => i % values < 2 ? random(i) : 1)
}

t.test('classes of one point share its box; the order is by point, then by class', async t => {
  const predictions = randomPredictions(priors.length)
  const found = candidates(predictions, layout, priors, INPUT, { scoreThreshold: 0 })
  t.same(found.map(({ point, classId }) => point * 2 + classId), Array.from({ length: 16 }, (_, i) => i))
  t.equal(found[0]!.box, found[1]!.box)
  t.same(found[0]!.box, [0, 0, 12, 12])
  t.equal(found[3]!.score, scoreOf(layout)(predictions[values + 1]!))
})

t.test('a score equal to the threshold does not count, however it is rounded', async t => {
  const predictions = randomPredictions(priors.length)
  const all = candidates(predictions, layout, priors, INPUT, { scoreThreshold: 0 })
  for (const { score } of all) {
    const above = candidates(predictions, layout, priors, INPUT, { scoreThreshold: score })
    t.same(above.map(({ score }) => score), all.map(({ score }) => score).filter(other => other > score))
  }
  t.same(candidates(predictions, layout, priors, INPUT, { scoreThreshold: 1 }), [])
})

t.test('only wanted classes, and the best of too many', async t => {
  const size = { width: 512, height: 512 }
  const many = randomPredictions(64 * 64)
  const wanted = candidates(many, layout, centerPriors(size, [8], 0.5), size, { scoreThreshold: 0, classes: [1] })
  t.equal(wanted.length, MAX_CANDIDATES)
  t.ok(wanted.every(({ classId }) => classId === 1))
  const scores = Array.from({ length: 64 * 64 }, (_, point) => scoreOf(layout)(many[point * values + 1]!)).sort((a, b) => b - a)
  t.equal(Math.min(...wanted.map(({ score }) => score)), scores[MAX_CANDIDATES - 1])
})
