import t from 'tap'
import * as op from '../../../nn/ops.ts'
import { foldScale } from '../../../nn/passes/fold-scale.ts'
import { floats, scalar } from '../../../nn/tensor.ts'
import { IMAGE, numbers, sameValues } from '../../support/passes.ts'

const weight = floats([6, 8, 3, 3], numbers('weight', 6 * 8 * 9))
const scaled = op.mul(IMAGE, floats([1, 8, 1, 1], numbers('scale', 8)))

t.test('a factor for each channel goes into the kernel, zeros around the image notwithstanding', async t => {
  const y = op.conv(scaled, weight, floats([6], numbers('bias', 6)), { padding: 1, stride: 2 })
  t.same(await sameValues(t, foldScale, { y }), ['Conv'])
  t.same(await sameValues(t, foldScale, { y, scaled }), ['Conv', 'Mul'])
})

t.test('other products stay', async t => {
  const grouped = op.conv(scaled, floats([8, 1, 3, 3], numbers('filters', 72)), undefined, { groups: 8 })
  t.same(await sameValues(t, foldScale, { grouped }), ['Mul', 'Conv'])
  t.same(await sameValues(t, foldScale, { y: op.conv(op.mul(IMAGE, scalar(2)), weight) }), ['Mul', 'Conv'])
  t.same(await sameValues(t, foldScale, { y: op.conv(op.mul(IMAGE, IMAGE), weight) }), ['Mul', 'Conv'])
})
