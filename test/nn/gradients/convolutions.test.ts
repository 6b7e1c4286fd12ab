import t from 'tap'
import { gradients } from '../../../nn/gradients/gradients.ts'
import * as op from '../../../nn/ops.ts'
import { input, type Tensor } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'
import { operators } from '../../support/passes.ts'

interface Sizes extends op.ConvOptions { in: number, out: number, height: number, width: number, kernel: number }

function convolution ({ in: channels, out, height, width, kernel, groups = 1, ...options }: Sizes): Record<'x' | 'weight' | 'bias' | 'y', Tensor> {
  const x = input('x', [2, channels, height, width])
  const weight = input('weight', [out, channels / groups, kernel, kernel])
  const bias = input('bias', [out])
  return { x, weight, bias, y: op.conv(x, weight, bias, { groups, ...options }) }
}

const CASES: Readonly<Record<string, Sizes>> = {
  '1×1': { in: 6, out: 4, height: 3, width: 5, kernel: 1 },
  '1×1, strided': { in: 2, out: 3, height: 5, width: 4, kernel: 1, stride: 2 },
  '1×1, grouped': { in: 6, out: 9, height: 3, width: 5, kernel: 1, groups: 3 },
  '3×3': { in: 3, out: 4, height: 4, width: 5, kernel: 3, padding: 1 },
  '3×3 without padding': { in: 2, out: 3, height: 4, width: 5, kernel: 3 },
  '3×3, strided, over a photo': { in: 3, out: 4, height: 6, width: 8, kernel: 3, stride: 2, padding: 1 },
  '3×3, strided, over many channels and an odd size': { in: 6, out: 4, height: 7, width: 5, kernel: 3, stride: 2, padding: 1 },
  '3×3, grouped': { in: 4, out: 6, height: 4, width: 4, kernel: 3, padding: 1, groups: 2 },
  'several kernels a channel': { in: 3, out: 6, height: 4, width: 4, kernel: 3, padding: 1, groups: 3 },
  depthwise: { in: 4, out: 4, height: 5, width: 6, kernel: 3, padding: 1, groups: 4 },
  'depthwise, wide': { in: 2, out: 2, height: 3, width: 33, kernel: 3, padding: 1, groups: 2 },
  'depthwise, strided': { in: 4, out: 4, height: 6, width: 8, kernel: 3, stride: 2, padding: 1, groups: 4 },
  'depthwise, strided, of an odd size': { in: 4, out: 4, height: 7, width: 5, kernel: 3, stride: 2, padding: 1, groups: 4 },
  'depthwise 5×5': { in: 2, out: 2, height: 4, width: 6, kernel: 5, padding: 2, groups: 2 }
}

for (const [name, sizes] of Object.entries(CASES)) {
  t.test(`gradients of a convolution: ${name}`, async t => {
    const { y, ...wrt } = convolution(sizes)
    await checkGradients(t, [y], wrt)
  })
}

t.test('what is not wanted is not computed', async t => {
  const { x, weight, bias, y } = convolution(CASES['3×3']!)
  const g = input('g', y.shape)
  const operatorsOf = (wrt: Tensor): string[] => operators(gradients([y], [g], [wrt]))
  t.same(operatorsOf(bias), ['ReduceSum'])
  t.notOk(operatorsOf(weight).includes('Conv'))
  t.notOk(operatorsOf(x).includes('MatMul'))
})
