import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { input, integers, scalar } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'

const x = input('x', [2, 3, 4, 5])

t.test('ReduceMean', async t => {
  await checkGradients(t, [op.globalMean(x)], { x })
  await checkGradients(t, [node('ReduceMean', [x], [2, 1, 4, 1], { axes: [1, -1] })], { x })
  await checkGradients(t, [node('ReduceMean', [x], [], { keepdims: 0 })], { x })
})

t.test('ReduceSum', async t => {
  await checkGradients(t, [node('ReduceSum', [x, integers([0, -2])], [3, 5], { keepdims: 0 })], { x })
  await checkGradients(t, [node('ReduceSum', [x, integers([3])], [2, 3, 4, 1])], { x })
  await checkGradients(t, [node('ReduceSum', [x], [1, 1, 1, 1])], { x })
})

t.test('axes must be constant', async t => {
  const axes = op.cast(scalar(1), 'int64', 7)
  t.throws(() => gradients([node('ReduceSum', [x, axes], [2, 1, 4, 5])], [x], [x]), { message: 'gradients of reductions need constant axes' })
})
