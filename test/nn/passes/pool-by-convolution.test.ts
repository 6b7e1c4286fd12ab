import t from 'tap'
import { node } from '../../../nn/node.ts'
import * as op from '../../../nn/ops.ts'
import { halveByPooling } from '../../../nn/passes/halve-by-pooling.ts'
import { poolByConvolution } from '../../../nn/passes/pool-by-convolution.ts'
import type { Pass } from '../../../nn/passes/rewrite.ts'
import { IMAGE, sameValues } from '../../support/passes.ts'

t.test('a mean of 2×2 pixels is a depthwise convolution', async t => {
  const pass: Pass = graph => poolByConvolution(halveByPooling(graph))
  t.same(await sameValues(t, pass, { y: op.resize(IMAGE, 0.5) }), ['Conv'])
  t.same(await sameValues(t, poolByConvolution, { y: node('AveragePool', [IMAGE], [1, 8, 10, 10], { kernel_shape: [3, 3] }) }), ['Conv'])
})

t.test('with padding, the mean is of fewer pixels along the edge: it stays', async t => {
  const y = node('AveragePool', [IMAGE], IMAGE.shape, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })
  t.same(await sameValues(t, poolByConvolution, { y }), ['AveragePool'])
})
