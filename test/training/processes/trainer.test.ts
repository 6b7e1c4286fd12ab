import t from 'tap'
import { Layout } from '../../../training/layout.ts'
import { objectiveOf } from '../../../training/objectives/of-spec.ts'
import { Trainer } from '../../../training/processes/trainer.ts'
import { initialValues } from '../../../training/run-arrays.ts'
import { drawSquares, tinySpec } from '../../support/tiny-training.ts'

const spec = tinySpec(await drawSquares(t.testdir(), 4), 2)
const trainer = await Trainer.create(spec, objectiveOf(spec), 2 ** 20)
t.teardown(() => trainer.release())
const layout = new Layout(trainer.graph)
const values = initialValues(layout, spec.initial)

t.test('a step gives losses, gradients and the statistics of its batch', async t => {
  trainer.load(values)
  const microBatch = { epoch: 0, first: 0, photos: [0, 1] }
  const { losses, values: outcome } = await trainer.step(microBatch)
  t.ok(losses['loss']! > 0)
  const gradient = outcome.subarray(0, layout.trained)
  t.ok(gradient.some(value => value !== 0))
  const norm = trainer.graph.norms[0]!
  t.ok(layout.view(outcome, `${norm.path}.running_var`).every(value => value > 0))

  const length = Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0))
  const rate = 1e-3 / length
  trainer.load(values.map((value, i) => i < layout.trained ? value - rate * gradient[i]! : value))
  const less = (await trainer.step(microBatch)).losses['loss']!
  const expected = losses['loss']! - 1e-3 * length
  t.ok(Math.abs(less - expected) < 0.5 * (losses['loss']! - expected), 'the loss falls as the gradient says')
})

t.test('random changes depend on the epoch and the place, and on nothing else', async t => {
  trainer.load(values)
  const step = async (epoch: number, first: number) => (await trainer.step({ epoch, first, photos: [0, 1] })).losses['loss']
  const loss = await step(0, 0)
  t.not(await step(1, 0), loss)
  t.not(await step(0, 2), loss)
  t.equal(await step(0, 0), loss)
})

t.test('predictions are of the loaded values', async t => {
  trainer.load(values)
  const [first, second, ...more] = await trainer.predict([0, 1])
  t.same(more, [])
  t.same((await trainer.predict([1]))[0], second)
  trainer.load(values.map(value => value * 0.5))
  t.notSame((await trainer.predict([0]))[0], first)
})
