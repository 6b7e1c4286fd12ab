import t from 'tap'
import { geometryOf, outputPadding } from '../../../nn/gradients/geometry.ts'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { input, type Attribute, type Node, type Tensor } from '../../../nn/tensor.ts'

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

t.test('windows as imported graphs may have them', async t => {
  const [x, weight] = [input('x', [1, 4, 8, 8]), input('weight', [4, 4, 3, 3])]
  const conv = (attributes: Record<string, Attribute>): Node => nodeOf(node('Conv', [x, weight], [1, 4, 6, 6], attributes))
  t.same(geometryOf(conv({})), { kernel: 3, stride: 1, padding: 0, groups: 1 }, 'the defaults')
  const unusual: ReadonlyArray<Record<string, Attribute>> =
    [{ strides: [1, 2] }, { pads: [0, 0, 1, 1] }, { kernel_shape: [3, 1] }, { dilations: [2, 2] }, { auto_pad: 'SAME_UPPER' }, { ceil_mode: 1 }]
  for (const attributes of unusual) {
    t.throws(() => geometryOf(conv(attributes)), { name: 'GradientError', message: 'Conv with such windows has no gradient rule' })
  }
  t.equal(geometryOf(conv({ auto_pad: 'NOTSET', ceil_mode: 0, dilations: [1, 1] })).kernel, 3)
})
