import t from 'tap'
import { geometryOf, outputPadding } from '../../../nn/gradients/geometry.ts'
import * as op from '../../../nn/ops.ts'
import { input, type Node, type Tensor } from '../../../nn/tensor.ts'

const nodeOf = (x: Tensor): Node => (x.source as { node: Node }).node

t.test('the windows of convolutions and pools', async t => {
  const conv = nodeOf(op.conv(input('x', [1, 4, 8, 9]), input('weight', [4, 2, 3, 3]), undefined, { stride: 2, padding: 1, groups: 2 }))
  t.same(geometryOf(conv), { kernel: 3, stride: 2, padding: 1, groups: 2 })
  t.same(outputPadding(conv), [1, 0])
  const pool = nodeOf(op.maxPool(input('x', [1, 4, 6, 6]), 2, 2, 0))
  t.same(geometryOf(pool), { kernel: 2, stride: 2, padding: 0, groups: 1 })
  t.same(outputPadding(pool), [0, 0])
  t.same(geometryOf({ ...pool, attributes: { kernel_shape: [2, 2] } }), { kernel: 2, stride: 1, padding: 0, groups: 1 })
})
