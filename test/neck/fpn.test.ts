import t from 'tap'
import { fpn } from '../../neck/fpn.ts'
import { product } from '../../nn/dim.ts'
import { Scope, type Weights } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { run } from '../support/run.ts'
import { seededWeights } from '../support/seeded.ts'

const features = [8, 16, 32].map(stride => ({ tensor: input(`c${stride}`, [1, stride, 64 / stride, 64 / stride]), stride }))
const ones: Weights = { folded: false, get: (_name, shape) => new Float32Array(Number(product(shape))).fill(1) }
const plane = (channels: number, size: number) =>
  ({ dims: [1, channels, size, size], data: new Float32Array(channels * size * size).fill(1) })

t.test('levels of one width, named by the checkpoint and by their strides', async t => {
  const scope = Scope.root(seededWeights)
  const levels = fpn(12)(features, scope)
  t.same(levels.map(({ tensor, stride }) => [tensor.shape, stride]), [[[1, 12, 8, 8], 8], [[1, 12, 4, 4], 16], [[1, 12, 2, 2], 32]])
  t.same([...scope.params.keys()], [0, 1, 2].flatMap(i => [`lateral_convs.${i}.conv.weight`, `lateral_convs.${i}.conv.bias`]))
  t.same([...scope.taps.keys()].filter(name => /^p\d$/.test(name)), ['p3', 'p4', 'p5'])
  t.equal(scope.taps.get('p4'), levels[1]!.tensor)
})

t.test('what a coarse level sees reaches the finer ones, and not the other way', async t => {
  const [p3, , p5] = fpn(2)(features, Scope.root(ones))
  const outputs = await run({ p3: p3!.tensor, p5: p5!.tensor }, { c8: plane(8, 8), c16: plane(16, 4), c32: plane(32, 2) })
  t.ok(outputs['p3']!.data.every(value => value === 8 + 16 + 32 + 3)) // every lateral sums its channels and adds a bias of 1
  t.ok(outputs['p5']!.data.every(value => value === 32 + 1))
})
