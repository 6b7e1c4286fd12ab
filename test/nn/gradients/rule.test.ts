import t from 'tap'
import { single, sizesOf } from '../../../nn/gradients/rule.ts'
import * as op from '../../../nn/ops.ts'
import { input, type Node } from '../../../nn/tensor.ts'

t.test('single makes rules of functions that return one gradient, or several', async t => {
  const x = input('x', [2])
  const { node } = op.add(x, x).source as { node: Node }
  t.same(single(g => g)(node, [x], [true, true]), [x])
  t.same(single(g => [g, undefined])(node, [x], [true, true]), [x, undefined])
})

t.test('gradients need all sizes', async t => {
  t.same(sizesOf(input('x', [2, 3])), [2, 3])
  t.throws(() => sizesOf(input('x', ['N', 3])), { name: 'ShapeError', message: /known only by name/ })
})
