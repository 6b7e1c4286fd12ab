import t from 'tap'
import { maxPoolGradient } from '../../../nn/gradients/max-pool.ts'
import * as op from '../../../nn/ops.ts'
import { floats, input, type Node, type Tensor } from '../../../nn/tensor.ts'
import { checkGradients } from '../../support/gradient-check.ts'
import { operators } from '../../support/passes.ts'
import { run } from '../../support/run.ts'

type Windows = readonly [kernel: number, stride: number, padding: number]
const STEM: Windows = [3, 2, 1]

function gradientOf (x: Tensor, windows: Windows, g?: Tensor): Tensor {
  const y = op.maxPool(x, ...windows)
  const { node } = y.source as { node: Node }
  return maxPoolGradient(node, g ?? input('g', y.shape))
}

t.test('3×3 windows with stride 2 over even sizes need no indices', async t => {
  const uses = (height: number, width: number, windows: Windows): boolean =>
    operators([gradientOf(input('x', [1, 2, height, width]), windows)]).includes('ScatterElements')
  t.notOk(uses(6, 8, STEM))
  t.ok(uses(6, 7, STEM))
  t.ok(uses(5, 8, STEM))
  t.ok(uses(6, 8, [2, 2, 0]))
})

t.test('both forms give central differences', async t => {
  for (const [height, width] of [[6, 8], [7, 8]] as const) {
    const x = input('x', [2, 2, height, width])
    await checkGradients(t, [op.maxPool(x, ...STEM)], { x }, { entries: 20 })
  }
})

t.test('of equal values, one gets the whole gradient', async t => {
  for (const size of [6, 7]) {
    const x = floats([1, 1, size, size], new Float32Array(size * size).fill(-3))
    const windows = Math.ceil(size / 2)
    const g = floats([1, 1, windows, windows], new Float32Array(windows * windows).fill(1))
    const { data } = (await run({ gradient: gradientOf(x, STEM, g) }, {}))['gradient']!
    t.equal(data.reduce((a, b) => a + b), windows * windows)
  }
})
