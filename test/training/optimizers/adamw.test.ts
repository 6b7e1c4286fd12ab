import t from 'tap'
import { AdamW } from '../../../training/optimizers/adamw.ts'
import { clip } from '../../../training/optimizers/clip.ts'
import type { Floats } from '../../../training/optimizers/floats.ts'
import { largestDifference, optimizerCases } from '../../support/optimizer-cases.ts'

for (const example of optimizerCases('AdamW')) {
  const { options: { weight_decay: weightDecay = 0, betas, eps }, clip: maxNorm = Infinity } = example
  const options = { weightDecay, ...(betas && { betas }), ...(eps && { epsilon: eps }) }
  const difference = <A extends Floats>(arrayOf: (values: readonly number[]) => A): number => {
    const zeros = (): A => arrayOf(Array(8).fill(0))
    return largestDifference(example, new AdamW({ mean: zeros(), square: zeros() }, options), arrayOf, gradient => clip(gradient, maxNorm))
  }

  t.test(`equals PyTorch's: ${JSON.stringify(example.options)}`, async t => {
    t.ok(difference(values => Float64Array.from(values)) < 1e-14)
    t.ok(difference(values => Float32Array.from(values)) < 1e-6)
  })
}

t.test('its state has names', async t => {
  const state = { mean: new Float32Array(2), square: new Float32Array(2) }
  const { arrays } = new AdamW(state, { weightDecay: 0 })
  t.equal(arrays.get('mean'), state.mean)
  t.equal(arrays.get('square'), state.square)
  t.equal(arrays.size, 2)
})
