import t from 'tap'
import { optimizerOf } from '../../../training/optimizers/optimizer.ts'

t.test('makes the optimizer of the settings, which goes downhill', async t => {
  for (const settings of [{ name: 'adamw', weightDecay: 0 }, { name: 'sgd', momentum: 0.9, weightDecay: 0 }] as const) {
    const optimizer = optimizerOf(settings, 3)
    const parameters = Float32Array.of(1, -1, 0.5)
    for (let step = 1; step <= 100; step++) optimizer.step(parameters, parameters.slice(), 0.05, step)
    t.ok(parameters.every(value => Math.abs(value) < 0.1), settings.name)
    t.ok([...optimizer.arrays.values()].every(array => array.length === 3))
  }
})

t.test('continues from saved state to the bit', async t => {
  const gradient = Float32Array.of(0.3, -2, 0.1)
  for (const settings of [{ name: 'adamw', weightDecay: 0.05 }, { name: 'sgd', momentum: 0.9, weightDecay: 0.05 }] as const) {
    const [whole, resumed] = [optimizerOf(settings, 3), optimizerOf(settings, 3)]
    const parameters = Float32Array.of(1, 2, 3)
    for (let step = 1; step <= 3; step++) whole.step(parameters, gradient, 0.1, step)
    for (const [name, values] of resumed.arrays) values.set(whole.arrays.get(name)!)
    const again = parameters.slice()
    whole.step(parameters, gradient, 0.1, 4)
    resumed.step(again, gradient, 0.1, 4)
    t.same(again, parameters)
  }
})
