import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { input } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'

for (const [factor, height, width] of [[2, 3, 4], [4, 2, 3], [0.5, 6, 4], [0.25, 8, 4]] as const) {
  t.test(`gradients of resampling by ${factor}`, async t => {
    const x = input('x', [2, 3, height, width])
    await checkGradients(t, [op.resize(x, factor)], { x })
  })
}
