import t from 'tap'
import { denseWeightGradient, padded, strided, swapLast } from '../../../nn/gradients/dense.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, type Node, type Tensor } from '../../../nn/tensor.ts'
import { operators } from '../../support/passes.ts'
import { run } from '../../support/run.ts'

const x = floats([1, 2, 2, 3], Float32Array.from({ length: 12 }, (_, i) => i + 1))
const valuesOf = async (y: Tensor): Promise<number[]> => [...(await run({ y }, {}))['y']!.data]

t.test('padded, strided, swapLast', async t => {
  t.same(padded(x, 1, 2).shape, [1, 2, 4, 7])
  t.equal(padded(x, 0, 0), x)
  t.same((await valuesOf(padded(x, 1, 0))).slice(0, 6), [0, 0, 0, 1, 2, 3])
  t.same(await valuesOf(strided(x, [1, 0], 2, [1, 2])), [4, 6, 10, 12])
  t.same(await valuesOf(swapLast(x)), [1, 4, 2, 5, 3, 6, 7, 10, 8, 11, 9, 12])
})

t.test('a convolution lays out the taps of a strided one over few channels, slices those of others', async t => {
  const gradientOver = (channels: number): string[] => {
    const y = op.conv(input('x', [1, channels, 8, 8]), input('weight', [2, channels, 3, 3]), undefined, { stride: 2, padding: 1 })
    const { node } = y.source as { node: Node }
    return operators([denseWeightGradient(node, input('g', y.shape))])
  }
  t.ok(gradientOver(3).includes('Conv'))
  t.equal(gradientOver(8).filter(name => name === 'Slice').length, 9)
})
