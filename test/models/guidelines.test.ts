import t from 'tap'
import { guidelines } from '../../models/guidelines.ts'
import * as op from '../../nn/ops.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import { floats, input, type Tensor } from '../../nn/tensor.ts'

const x = input('x', [1, 8, 4, 4])
const conv = (x: Tensor, out: number, kernel = 1, groups = 1): Tensor => {
  const shape = [out, x.channels / groups, kernel, kernel]
  return op.conv(x, floats(shape, new Float32Array(shape.reduce((a, b) => a * b)), 'weight'), undefined, { groups, padding: kernel >> 1 })
}
const figures = (y: Tensor): Record<string, number> =>
  Object.fromEntries(guidelines(topologicalOrder([y])).map(({ metric, value }) => [metric, value]))

t.test('G1: widths of 1×1 convolutions, weighted by their MACs', async t => {
  t.equal(figures(conv(x, 8))['channel ratio'], 1)
  t.equal(figures(conv(x, 2))['channel ratio'], 4)
  const [equal, halved] = [8 * 8, 8 * 4] // MACs a place
  t.equal(figures(conv(conv(x, 8), 4))['channel ratio'], (equal * 1 + halved * 2) / (equal + halved))
  t.equal(figures(conv(conv(x, 2, 3), 2, 1, 2))['channel ratio'], 1, 'neither larger kernels nor groups count')
})

t.test('G2: grouped convolutions, depthwise ones aside', async t => {
  t.match(figures(conv(conv(x, 8), 8, 3, 8)), { 'grouped share': 0, groups: 1 })
  const [dense, grouped] = [8 * 8, 8 * 2]
  t.match(figures(conv(conv(x, 8), 8, 1, 4)), {
    'grouped share': grouped / (dense + grouped), groups: (dense + grouped * 4) / (dense + grouped)
  })
})

t.test('G3: operators over the longest chain', async t => {
  t.equal(figures(op.relu(op.relu(x))).fragmentation, 1)
  t.equal(figures(op.add(op.sigmoid(op.relu(x)), op.elu(x))).fragmentation, 4 / 3)
})

t.test('G4: the part of element-wise operators in memory access', async t => {
  const pooled = op.maxPool(op.relu(x), 2, 2, 0)
  t.equal(figures(pooled)['element-wise share'], 2 * 128 / (2 * 128 + 128 + 32))
  t.match(figures(op.maxPool(x, 2, 2, 0)), { 'element-wise share': 0, 'channel ratio': 1, groups: 1 }, 'nothing to weigh is ideal')
})

t.test('each has its ideal and says what it is', async t => {
  const all = guidelines(topologicalOrder([conv(x, 8)]))
  t.same(all.map(({ guideline, ideal, value }) => [guideline, ideal, value]), [
    ['G1', 1, 1], ['G2', 0, 0], ['G2', 1, 1], ['G3', 1, 1], ['G4', 0, 0]
  ])
  t.ok(all.every(({ meaning }) => meaning.length > 10))
})
