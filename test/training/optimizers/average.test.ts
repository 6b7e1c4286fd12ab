import t from 'tap'
import { averageWeight, updateAverage } from '../../../training/optimizers/average.ts'
import { fixture } from '../../support/files.ts'
import { maxDifference } from '../../support/run.ts'
import { seeded } from '../../support/seeded.ts'

const { decay, start, updates }: {
  decay: number
  start: number[]
  updates: Array<{ iteration: number, weightOfNew: number, average: number[] }>
} = fixture('training-optimizers.json').average

t.test('equals upstream\'s', async t => {
  const average = Float64Array.from(start)
  updates.forEach(({ iteration, weightOfNew, average: expected }, i) => {
    const next = seeded(`training/ema/${i + 1}`)
    const weight = averageWeight(decay, iteration)
    updateAverage(average, average.map(() => 2 * next() - 1), weight)
    t.ok(Math.abs(weight - weightOfNew) < 1e-12)
    t.ok(maxDifference(average, expected) < 1e-12)
  })
})
