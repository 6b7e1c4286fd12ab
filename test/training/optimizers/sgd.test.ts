import t from 'tap'
import { clip } from '../../../training/optimizers/clip.ts'
import type { Floats } from '../../../training/optimizers/floats.ts'
import { Sgd } from '../../../training/optimizers/sgd.ts'
import { largestDifference, optimizerCases } from '../../support/optimizer-cases.ts'

for (const example of optimizerCases('SGD')) {
  const { options: { weight_decay: weightDecay = 0, momentum = 0 }, clip: maxNorm = Infinity } = example
  const difference = <A extends Floats>(arrayOf: (values: readonly number[]) => A): number =>
    largestDifference(example, new Sgd(arrayOf(Array(8).fill(0)), { weightDecay, momentum }), arrayOf, gradient => clip(gradient, maxNorm))

  t.test(`equals PyTorch's: ${JSON.stringify(example.options)}`, async t => {
    t.ok(difference(values => Float64Array.from(values)) < 1e-14)
    t.ok(difference(values => Float32Array.from(values)) < 1e-6)
  })
}
