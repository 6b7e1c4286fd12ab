import t from 'tap'
import { epochBatches } from '../../training/data/order.ts'
import { Layout } from '../../training/layout.ts'
import { Team } from '../../training/processes/team.ts'
import { initialValues } from '../../training/run-arrays.ts'
import { Run } from '../../training/run.ts'
import { drawSquares, tinySpec, TINY_SETTINGS } from '../support/tiny-training.ts'

const spec = tinySpec(await drawSquares(t.testdir(), 4), 4)
const team = await Team.start(spec, { workers: 1, cacheBytes: 1e6 })
t.teardown(() => team.close())
const layout = new Layout(team.plan)
const initial = initialValues(layout, spec.initial)
const settings = { ...TINY_SETTINGS, optimizer: { name: 'sgd', momentum: 0, weightDecay: 0 }, averageDecay: 0 } as const
const microBatches = (epoch: number) => {
  const [photos] = epochBatches(4, 4, spec.seed, epoch)
  return [{ epoch, first: 0, photos: photos!.slice(0, 2) }, { epoch, first: 2, photos: photos!.slice(2) }]
}
const isSame = (a: Float32Array, b: Float32Array) => a.every((value, i) => value === b[i])
const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))

t.test('a step goes down the mean gradient of its micro-batches, which each move the running statistics', async t => {
  const [first, second] = await team.step(initial, microBatches(0))
  const run = new Run(spec, { ...settings, clipNorm: 1 }, team)
  const { gradientNorm, rate, losses, epoch, step, steps } = await run.step()
  t.same({ epoch, step, steps }, { epoch: 0, step: 1, steps: 2 })
  t.ok(Math.abs(losses['loss']! - (first!.losses['loss']! + second!.losses['loss']!) / 2) < 1e-6)

  const gradient = first!.values.map((value, i) => (value + second!.values[i]!) / 2).subarray(0, layout.trained)
  t.ok(Math.abs(gradientNorm / norm(gradient) - 1) < 1e-6)
  const change = run.averaged.map((value, i) => value - initial[i]!)
  t.ok(Math.abs(norm(change.subarray(0, layout.trained)) / rate - 1) < 1e-3, 'clipped to 1')
  const largest = gradient.reduce((best, value, i) => Math.abs(value) > Math.abs(gradient[best]!) ? i : best, 0)
  t.ok(Math.abs(change[largest]! / (-rate * gradient[largest]! / gradientNorm) - 1) < 1e-3)

  const { path } = team.plan.norms[0]!
  const mean = (values: Float32Array) => layout.view(values, `${path}.running_mean`)[0]!
  t.ok(Math.abs(mean(run.averaged) - (0.81 * mean(initial) + 0.09 * mean(first!.values) + 0.1 * mean(second!.values))) < 1e-5)
})

t.test('the best epoch is kept, and a restored run goes on as the saved one', async t => {
  const run = new Run(spec, settings, team)
  await run.step()
  t.ok(run.isEpochComplete)
  const measures = { AP: 0.5, AP50: 0.7 }
  t.match(run.endEpoch(0.5, 2, measures), { epoch: 0, epochs: 2, score: 0.5, measures, isBest: true, seconds: 2 })
  const best = run.averaged.slice()
  const other = new Run(spec, settings, team)
  other.restore({ position: run.position, arrays: new Map([...run.saved.arrays].map(([name, values]) => [name, values.slice()])) })
  for (const each of [run, other]) {
    await each.step()
    t.match(each.endEpoch(0.4, 2), { isBest: false })
    t.match(each.position, { ending: 'finished', epoch: 2 })
    t.match(each.result, { epoch: 0, score: 0.5 })
    for (const name of layout.names) t.ok(isSame(each.result.stateDict.parameters.get(name)!.data, layout.view(best, name)), name)
  }
  t.ok(isSame(other.averaged, run.averaged))
  t.notOk(isSame(run.averaged, best))
})

t.test('the average of the values follows them', async t => {
  const run = new Run(spec, { ...settings, averageDecay: 0.5 }, team)
  await run.step()
  const values = run.saved.arrays.get('values')!
  const [i] = [...values.keys()].filter(i => Math.abs(values[i]! - initial[i]!) > 1e-5)
  const share = (run.averaged[i!]! - initial[i!]!) / (values[i!]! - initial[i!]!)
  t.ok(Math.abs(share - (0.5 * Math.exp(-2 / 2000) + 0.5)) < 1e-2, `${share}`)
})

t.test('without better scores, a run ends early', async t => {
  const run = new Run(spec, { ...settings, epochs: 9, patience: 2 }, team)
  t.same([0.5, 0.4, 0.5].map(score => run.endEpoch(score, 1).isBest), [true, false, false])
  t.match(run.position, { ending: 'early', epoch: 3 })
  t.match(run.result, { epoch: 0, score: 0.5 })
})

t.test('without scores, the last epoch is the best', async t => {
  const run = new Run(spec, settings, team)
  t.match(run.result, { epoch: 0, history: [] }, 'before any epoch')
  t.same([1, 2].map(() => run.endEpoch(undefined, 1).isBest), [true, true])
  t.match(run.result, { epoch: 1, score: undefined })
})

t.test('a loss or update that is not finite ends the run, with the step and the photos', async t => {
  const broken = (name: string, value: number) => {
    const { shape, data } = spec.initial.parameters.get(name)!
    const parameters = new Map([...spec.initial.parameters, [name, { shape, data: data.map(() => value) }]])
    return new Run({ ...spec, initial: { ...spec.initial, parameters } }, settings, team)
  }
  const lost = /^step 1 \(epoch 1, batch 1\): the loss is not finite, on the photos square-\d.png, square-\d.png. Try a lower/
  await t.rejects(broken('head.gfl_cls.0.bias', NaN).step(), { code: 'NOT_FINITE', message: lost })
  await t.rejects(broken('backbone.bn1.weight', 1e30).step(), { code: 'NOT_FINITE', message: /the update of backbone\.\S+ is not finite/ })
})
