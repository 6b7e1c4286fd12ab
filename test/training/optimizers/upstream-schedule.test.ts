import t from 'tap'
import { upstreamRate } from '../../../training/optimizers/upstream-schedule.ts'
import { fixture } from '../../support/files.ts'

interface Case {
  name: string
  rate: number
  warmup: { steps: number, ratio: number }
  schedule: { name: 'CosineAnnealingLR', T_max: number, eta_min: number } | { name: 'MultiStepLR', milestones: number[], gamma: number }
  stepsPerEpoch: number
  steps: number[]
  rates: number[]
}

const cases: Case[] = fixture('training-optimizers.json').schedules

for (const { name, rate, warmup, schedule, stepsPerEpoch, steps, rates } of cases) {
  t.test(`equals upstream's: ${name}`, async t => {
    const own = schedule.name === 'MultiStepLR' ? schedule : { name: schedule.name, epochs: schedule.T_max, minRate: schedule.eta_min }
    const options = { rate, warmupSteps: warmup.steps, stepsPerEpoch, schedule: { warmupRatio: warmup.ratio, ...own } }
    steps.forEach((step, i) => t.ok(Math.abs(upstreamRate(step, options) / rates[i]! - 1) < 1e-9, `step ${step}`))
  })
}

t.test('without a warm-up, the rate is there from the first step on', async t => {
  const schedule = { name: 'MultiStepLR' as const, warmupRatio: 0.1, milestones: [1], gamma: 0.5 }
  const rates = [0, 1, 2, 3].map(step => upstreamRate(step, { rate: 8, warmupSteps: 0, stepsPerEpoch: 2, schedule }))
  t.same(rates, [8, 8, 4, 4])
})
