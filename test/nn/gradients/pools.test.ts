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

t.test('gradients of a global mean', async t => {
  const x = input('x', [2, 3, 4, 5])
  await checkGradients(t, [op.globalPool(x)], { x })
})

t.test('where windows overlap, a maximum gets the gradients of all that it wins', async t => {
  const x = floats([1, 1, 3, 3], Float32Array.of(1, 2, 1, 2, 9, 2, 1, 2, 1))
  const [gradient] = gradients([op.maxPool(x, 2, 1, 0)], [floats([1, 1, 2, 2], Float32Array.of(1, 2, 3, 4))], [x])
  t.same([...(await run({ gradient: gradient! }, {}))['gradient']!.data], [0, 0, 0, 0, 10, 0, 0, 0, 0])
})

t.test('a mean that leaves out its padding has no rule', async t => {
  const x = input('x', [1, 2, 4, 4])
  const pool = (padding: number) => node('AveragePool', [x], [1, 2, 2 + padding, 2 + padding],
    { kernel_shape: [2, 2], strides: [2, 2], pads: Array(4).fill(padding) })
  t.throws(() => gradients([pool(1)], [x], [x]), { name: 'GradientError', message: /^AveragePool that leaves out its padding has no/ })
  await checkGradients(t, [pool(0)], { x })
})
