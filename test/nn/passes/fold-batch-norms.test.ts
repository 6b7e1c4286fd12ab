import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { foldBatchNorms } from '../../../nn/passes/fold-batch-norms.ts'
import { floats, type Tensor } from '../../../nn/tensor.ts'
import { IMAGE, numbers, sameValues } from '../../support/passes.ts'

const weight = floats([6, 8, 3, 3], numbers('weight', 6 * 8 * 9))
const statistics = ['weight', 'bias', 'mean'].map(name => floats([6], numbers(name, 6)))
const norm = (x: Tensor, epsilon?: number): Tensor =>
  op.batchNorm(x, ...statistics as [Tensor, Tensor, Tensor], floats([6], numbers('variance', 6).map(Math.abs)), epsilon)

t.test('a norm goes into the convolution before it', async t => {
  const y = norm(op.conv(IMAGE, weight, undefined, { padding: 1 }), 1e-3)
  t.same(await sameValues(t, foldBatchNorms, { y }), ['Conv'])
})

t.test('with a bias, and per channel', async t => {
  const biased = op.conv(IMAGE, weight, floats([6], numbers('shift', 6)))
  const depthwise = op.conv(biased, floats([6, 1, 3, 3], numbers('filters', 54)), undefined, { groups: 6 })
  t.same(await sameValues(t, foldBatchNorms, { y: norm(depthwise), z: norm(biased) }), ['Conv', 'Conv', 'Conv'])
})

t.test('the value before a norm can be an output all the same', async t => {
  const before = op.conv(IMAGE, weight)
  t.same(await sameValues(t, foldBatchNorms, { y: norm(before), before }), ['Conv', 'Conv'])
})

t.test('a norm with no convolution before it stays', async t => {
  t.same(await sameValues(t, foldBatchNorms, { y: norm(op.relu(op.conv(IMAGE, weight))) }), ['Conv', 'Relu', 'BatchNormalization'])
})

t.test('a norm that uses its batch\'s statistics stays', async t => {
  const [gamma, beta] = statistics as [Tensor, Tensor]
  const { y, mean } = op.batchNormOfBatch(op.conv(IMAGE, weight), gamma, beta)
  t.same(await sameValues(t, foldBatchNorms, { y, mean }), ['Conv', 'Neg', 'Neg', 'BatchNormalization'])
})
