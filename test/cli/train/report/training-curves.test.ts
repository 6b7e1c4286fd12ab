import t from 'tap'
import { trainingCurves } from '../../../../cli/train/report/training-curves.ts'

const step = (number: number) =>
  ({ epoch: 0, step: number, steps: 2, losses: { loss: 1, qfl: 0.5 }, rate: 0.001, gradientNorm: 1, photosPerSecond: 1 })
const report = { epoch: 0, epochs: 2, losses: { loss: 1 }, rate: 0.001, score: 0.5, isBest: true, seconds: 1 }

t.test('losses, what was measured, and the learning rate', async t => {
  const [losses, measures, rate, ...more] = trainingCurves([step(1), step(2)], [
    { report, measures: { AP: 0.5 } }, { report: { ...report, epoch: 1 }, measures: { AP: 0.6, AP50: 0.9 } }
  ])
  t.same(more, [])
  t.match(losses, />loss<.*|>qfl</s)
  t.match(measures, />AP50</)
  t.match(rate, />Learning rate</)
})

t.test('a run without validation, or without a step', async t => {
  t.equal(trainingCurves([step(1)], [{ report, measures: {} }]).length, 2)
  t.equal(trainingCurves([], []).length, 2)
})
