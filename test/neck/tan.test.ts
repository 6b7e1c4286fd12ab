import t from 'tap'
import { tan } from '../../neck/tan.ts'
import { relu } from '../../nn/activations.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { run } from '../support/run.ts'
import { seededFloats, seededWeights } from '../support/seeded.ts'

const neck = tan({ outChannels: 8, heads: 2, encoders: 2, mlpRatio: 4, act: relu })
const level = (stride: number) => ({ tensor: input(`c${stride}`, ['N', stride, 64 / stride, 96 / stride]), stride })
const features = [8, 16, 32].map(level)

t.test('levels of one width, tapped by their strides', async t => {
  const scope = Scope.root(seededWeights)
  t.same(neck(features, scope).map(({ tensor, stride }) => [tensor.shape, stride]),
    [[['N', 8, 8, 12], 8], [['N', 8, 4, 6], 16], [['N', 8, 2, 3], 32]])
  t.same([...scope.aliases.keys()], ['p3', 'p4', 'p5'])
})

t.test('upstream\'s names', async t => {
  const scope = Scope.root(seededWeights)
  neck(features, scope)
  const layers = [...new Set([...scope.params.keys()].map(name => name.split('.').slice(0, 3).join('.')))]
  t.same(layers, [
    ...[0, 1, 2].flatMap(i => [`lateral_convs.${i}.conv`, `lateral_convs.${i}.bn`]), 'pos_embed',
    'transformer.conv.conv', 'transformer.encoders.0', 'transformer.encoders.1'
  ])
  t.same(scope.params.get('pos_embed')!.shape, [4 * 6, 1, 8])
  t.same(scope.params.get('transformer.conv.conv.weight')!.shape, [8, 24, 1, 1])
})

t.test('every cell hears of every other, and images don\'t of one another', async t => {
  const output = neck(features, Scope.root(seededWeights))[0]!.tensor
  const feeds = (changed: number) => Object.fromEntries([8, 16, 32].map(stride => {
    const [height, width] = [64 / stride, 96 / stride]
    const data = seededFloats(`c${stride}`, 2 * stride * height * width, u => u)
    if (stride === 32) data[0] = changed // the first cell of the first image
    return [`c${stride}`, { dims: [2, stride, height, width], data }]
  }))
  const [before, after] = await Promise.all([0, 5].map(async value => (await run({ p3: output }, feeds(value)))['p3']!.data))
  const image = 8 * 8 * 12
  t.ok(before!.slice(0, image).every((value, i) => value !== after![i]))
  t.same(before!.slice(image), after!.slice(image))
})

t.test('unsupported inputs are refused', async t => {
  t.throws(() => neck(features.slice(1), Scope.root(seededWeights)), { message: 'tan: needs three levels, found 2' })
  const open = [8, 16, 32].map(stride => ({ tensor: input('c', [1, stride, `H/${stride}`, `W/${stride}`]), stride }))
  t.throws(() => neck(open, Scope.root(seededWeights)), { message: /^tan: positions need a known input size/ })
})
