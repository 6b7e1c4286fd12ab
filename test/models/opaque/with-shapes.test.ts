import t from 'tap'
import { withShapes } from '../../../models/opaque/with-shapes.ts'
import { UNKNOWN_SHAPE } from '../../../nn/dim.ts'
import { node } from '../../../nn/node.ts'
import { input } from '../../../nn/tensor.ts'

t.test('undeclared shapes are filled in where they are known', async t => {
  const x = input('x', [1, 2])
  const inner = node('Relu', [x], UNKNOWN_SHAPE)
  const other = node('Relu', [inner], UNKNOWN_SHAPE)
  const out = node('Add', [inner, other], [1, 2])
  const now = withShapes([out], new Map([[inner, [1, 2]], [out, [9]]]))
  t.same(now(inner).shape, [1, 2])
  t.equal(now(other).shape, UNKNOWN_SHAPE)
  t.same(now(out).shape, [1, 2], 'declared ones stay')
  t.equal(now(x), x)
  const { source } = now(out)
  t.ok(source.kind === 'node' && source.node.inputs[0] === now(inner))
})
