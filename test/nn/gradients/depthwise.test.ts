import t from 'tap'
import { depthwiseWeightGradient } from '../../../nn/gradients/depthwise.ts'
import * as op from '../../../nn/ops.ts'
import { input, type Node } from '../../../nn/tensor.ts'
import { operators } from '../../support/passes.ts'

/** Number of matrix products in the gradient over a square map. */
function products (size: number, { kernel = 3, stride = 1 } = {}): number {
  const y = op.conv(input('x', [1, 2, size, size]), input('weight', [2, 1, kernel, kernel]), undefined, { padding: kernel >> 1, stride, groups: 2 })
  const { node } = y.source as { node: Node }
  const gradient = depthwiseWeightGradient(node, input('g', y.shape))
  t.same(gradient.shape, [2, 1, kernel, kernel])
  return operators([gradient]).filter(name => name === 'MatMul').length
}

t.test('wide maps take a product for each tap, others one for all rows and one for the diagonals', async t => {
  t.equal(products(32), 9)
  t.equal(products(31), 2)
  t.equal(products(32, { stride: 2 }), 2)
  t.equal(products(32, { kernel: 5 }), 2)
})
