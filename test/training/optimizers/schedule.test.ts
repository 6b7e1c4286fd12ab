import t from 'tap'
import { rateAt } from '../../../training/optimizers/schedule.ts'

const SETTINGS = { epochs: 10, learningRate: 0.002, warmupSteps: 0, finalRate: 0.05 }

t.test('half a cosine over all steps', async t => {
  const rates = [0, 25, 50, 75, 100].map(step => rateAt(step, 100, SETTINGS) / 0.002)
  const quarter = Math.SQRT1_2 * 0.475
  const expected = [1, 0.525 + quarter, 0.525, 0.525 - quarter, 0.05]
  rates.forEach((rate, i) => t.ok(Math.abs(rate - expected[i]!) < 1e-12))
})

t.test('rises linearly in the warm-up', async t => {
  const settings = { ...SETTINGS, warmupSteps: 4, finalRate: 1 }
  t.same([0, 1, 2, 3, 4, 5].map(step => rateAt(step, 100, settings) / 0.0004).map(rate => Math.round(rate * 1e9) / 1e9), [1, 2, 3, 4, 5, 5])
})

t.test('upstream\'s schedules change the rate by epochs', async t => {
  const schedule = { name: 'MultiStepLR' as const, warmupRatio: 0.1, milestones: [5, 8], gamma: 0.1 }
  const rates = [0, 49, 50, 79, 80].map(step => rateAt(step, 100, { ...SETTINGS, schedule }) / 0.002)
  t.same(rates.map(rate => Math.round(rate * 1e9) / 1e9), [1, 1, 0.1, 0.1, 0.01])
})
