import t from 'tap'
import { distributionsOf, expectation } from '../../../engine/explain/distributions.ts'
import { integral } from '../../../head/decode/integral.ts'

const BINS = 8
const logits = Float32Array.from({ length: 3 + 4 * BINS }, (_, i) => 3 * Math.sin(i * i))

t.test('four distributions in millionths, whose expectations are the distances', async t => {
  const distributions = distributionsOf(logits, 3, BINS)
  t.equal(distributions.length, 4)
  for (const [side, masses] of distributions.entries()) {
    t.ok(masses.every(mass => Number.isInteger(mass) && mass >= 0))
    t.ok(Math.abs(masses.reduce((sum, mass) => sum + mass) - 1e6) <= BINS / 2)
    t.ok(Math.abs(expectation(masses) - integral(logits, 3 + side * BINS, BINS)) < 2e-5)
  }
})

t.test('logits that are no numbers have no mass', async t => {
  t.same(distributionsOf(new Float32Array(8).fill(NaN), 0, 2), [[0, 0], [0, 0], [0, 0], [0, 0]])
})

t.test('an expectation is independent of the unit', async t => {
  t.equal(expectation([1, 0, 1]), 1)
  t.equal(expectation([0, 0, 500_000, 500_000]), 2.5)
})
