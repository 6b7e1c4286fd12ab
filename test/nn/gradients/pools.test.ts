import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'
import { run } from '../../support/run.ts'

for (const [kernel, stride, padding, height, width] of [[3, 2, 1, 6, 8], [3, 2, 1, 7, 5], [2, 2, 0, 4, 6], [5, 1, 2, 5, 6]] as const) {
  t.test(`gradients of pools: ${kernel}×${kernel}, stride ${stride}, ${height}×${width}`, async t => {
    const x = input('x', [2, 3, height, width])
    await checkGradients(t, [op.maxPool(x, kernel, stride, padding)], { x }, { entries: 5 })
    await checkGradients(t, [op.averagePool(x, kernel, stride, padding)], { x })
  })
}

t.test('a mean that leaves out padding has no rule', async t => {
  const x = input('x', [1, 1, 4, 4])
  const attributes = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }
  const y = node('AveragePool', [x], [1, 1, 4, 4], attributes)
  t.throws(() => gradients([y], [y], [x]), { name: 'GradientError', message: 'AveragePool without its padding has no gradient rule' })
})

t.test('gradients of a global mean', async t => {
  const x = input('x', [2, 3, 4, 5])
  await checkGradients(t, [op.globalPool(x)], { x })
})

t.test('where windows overlap, a maximum gets the gradients of all that it wins', async t => {
  const x = floats([1, 1, 3, 3], Float32Array.of(1, 2, 1, 2, 9, 2, 1, 2, 1))
  const [gradient] = gradients([op.maxPool(x, 2, 1, 0)], [floats([1, 1, 2, 2], Float32Array.of(1, 2, 3, 4))], [x])
  t.same([...(await run({ gradient: gradient! }, {}))['gradient']!.data], [0, 0, 0, 0, 10, 0, 0, 0, 0])
})
