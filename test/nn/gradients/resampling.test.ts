import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'

for (const [factor, height, width] of [[2, 3, 4], [4, 2, 3], [0.5, 6, 4], [0.25, 8, 4]] as const) {
  t.test(`gradients of resampling by ${factor}`, async t => {
    const x = input('x', [2, 3, height, width])
    await checkGradients(t, [op.resize(x, factor)], { x })
  })
}

t.test('other resampling has no rule', async t => {
  const x = input('x', [1, 2, 4, 4])
  for (const attributes of [{ mode: 'nearest' }, { mode: 'linear', coordinate_transformation_mode: 'align_corners' }]) {
    const y = node('Resize', [x, undefined, floats([4], Float32Array.of(1, 1, 2, 2))], [1, 2, 8, 8], attributes)
    t.throws(() => gradients([y], [y], [x]), { name: 'GradientError', message: 'Resize that is not bilinear has no gradient rule' })
  }
})
