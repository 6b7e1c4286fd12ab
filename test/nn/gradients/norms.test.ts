import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import { topologicalOrder } from '../../../nn/graph.ts'
import { nodes } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, type Tensor } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'
import { interpret } from '../../support/interpreter.ts'
import { seededFloats } from '../../support/seeded.ts'

const DIMS = [3, 4, 5, 6]
const x = input('x', DIMS)
const vector = (name: string, size = 4): Tensor => floats([size], seededFloats(name, size, u => u + 0.5))
const [weight, bias, mean, variance] = ['weight', 'bias', 'mean', 'variance'].map(name => vector(name)) as [Tensor, Tensor, Tensor, Tensor]

t.test('batch norm with running statistics', async t => {
  await checkGradients(t, [op.batchNorm(x, weight, bias, mean, variance)], { x, weight, bias })
  await checkGradients(t, [op.batchNorm(input('points', [5, 4]), weight, bias, mean, variance, 0.1)], { weight, bias })
})

t.test('batch norm with the batch\'s statistics', async t => {
  const { y } = op.batchNormOfBatch(x, weight, bias)
  await checkGradients(t, [y], { x, weight, bias }, { entries: 10 })
  await checkGradients(t, [op.batchNormOfBatch(x, weight, bias, 0.5).y], { x, weight, bias }, { entries: 10 })
})

t.test('a norm takes away the gradient of what only shifts or scales its input', async t => {
  const shifted = op.batchNorm(x, weight, bias, mean, variance)
  const shift = floats([1, 4, 1, 1], seededFloats('shift', 4, u => u))
  const { y } = op.batchNormOfBatch(op.add(shifted, shift), vector('scale'), vector('offset'), 0)
  await checkGradients(t, [y], { x, weight, bias, shift }, { zeros: ['weight', 'bias', 'shift'] })
})

t.test('gradients of the batch\'s statistics are left out', async t => {
  const { y, mean } = op.batchNormOfBatch(x, weight, bias)
  const ones = floats([4], new Float32Array(4).fill(1))
  const [alone] = gradients([y], [x], [x])
  const [both] = gradients([y, mean], [x, ones], [x])
  t.equal(topologicalOrder([both!]).length, topologicalOrder([alone!]).length)
  const [zeros] = gradients([mean], [ones], [x])
  t.ok(interpret([zeros!])[0]!.data.every(value => value === 0))
})

t.test('a batch norm that keeps averages has no rule', async t => {
  const [y] = nodes('BatchNormalization', [x, weight, bias, mean, variance], [DIMS, [4], [4]].map(shape => [shape, 'float32'] as const),
    { training_mode: 1, momentum: { float: 0.9 } })
  t.throws(() => gradients([y!], [x], [x]), { name: 'GradientError', message: /^BatchNormalization with momentum has no gradient rule$/ })
})

t.test('layer norm', async t => {
  const [scale, shift] = [vector('scale', 6), vector('shift', 6)]
  await checkGradients(t, [op.layerNorm(x, scale, shift)], { x, scale, shift }, { entries: 10 })
  const perPlane = floats([5, 6], seededFloats('plane', 30, u => u + 0.5))
  const [y] = nodes('LayerNormalization', [x, perPlane], [[DIMS, 'float32']], { axis: 2, epsilon: { float: 0.1 } })
  await checkGradients(t, [y!], { x, perPlane }, { entries: 10 })
  const [byDefault] = nodes('LayerNormalization', [x, scale], [[DIMS, 'float32']])
  await checkGradients(t, [byDefault!], { x, scale })
})

t.test('instance norm and group norm', async t => {
  const [y] = nodes('InstanceNormalization', [x, weight, bias], [[DIMS, 'float32']], { epsilon: { float: 1e-3 } })
  await checkGradients(t, [y!], { x, weight, bias }, { entries: 10 })
  await checkGradients(t, [op.groupNorm(x, 2, weight, bias)], { x, weight, bias }, { entries: 10 })
})
