import t from 'tap'
import { ghostPan, ghostPanSpec } from '../../neck/ghost-pan.ts'
import { relu } from '../../nn/activations.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { seededWeights } from '../support/seeded.ts'

const neck = ghostPan({ outChannels: 16, kernel: 5, act: relu, extraLevels: 1 })

t.test('the backbone\'s levels and one more, of one width', async t => {
  const features = [8, 16, 32].map(stride => ({ tensor: input(`c${stride}`, ['N', stride, `H/${stride}`, `W/${stride}`]), stride }))
  const scope = Scope.root(seededWeights)
  t.same(neck(features, scope).map(({ tensor, stride }) => [tensor.shape, stride]),
    [8, 16, 32, 64].map(stride => [['N', 16, `H/${stride}`, `W/${stride}`], stride]))
  t.same([...scope.aliases.keys()], ['p3', 'p4', 'p5', 'p6'])
})

t.test('upstream\'s names', async t => {
  const features = [8, 16, 32].map(stride => ({ tensor: input(`c${stride}`, [1, stride, 416 / stride, 416 / stride]), stride }))
  const scope = Scope.root(seededWeights)
  t.same(neck(features, scope).at(-1)!.tensor.shape, [1, 16, 7, 7], '13 halved is 7')
  const blocks = [...new Set([...scope.params.keys()].map(name => name.split('.').slice(0, 2).join('.')))]
  t.same(blocks, [
    'reduce_layers.0', 'reduce_layers.1', 'reduce_layers.2', 'top_down_blocks.0', 'top_down_blocks.1',
    'downsamples.0', 'bottom_up_blocks.0', 'downsamples.1', 'bottom_up_blocks.1', 'extra_lvl_in_conv.0', 'extra_lvl_out_conv.0'
  ])
  t.same(scope.params.get('top_down_blocks.0.blocks.0.ghost1.primary_conv.0.weight')!.shape, [8, 32, 1, 1])
  t.same(scope.params.get('top_down_blocks.0.blocks.0.shortcut.0.weight')!.shape, [32, 1, 5, 5])
})

t.test('with dense convolutions, as upstream builds it without use_depthwise', async t => {
  const features = [8, 16, 32].map(stride => ({ tensor: input(`c${stride}`, [1, stride, 64 / stride, 64 / stride]), stride }))
  const scope = Scope.root(seededWeights)
  const options = { outChannels: 16, kernel: 5, extraLevels: 1, convModule: 'dense' } as const
  t.same(ghostPanSpec.build(options, relu)(features, scope).map(({ stride }) => stride), [8, 16, 32, 64])
  for (const name of ['downsamples.0', 'downsamples.1', 'extra_lvl_in_conv.0', 'extra_lvl_out_conv.0']) {
    t.same(scope.params.get(`${name}.conv.weight`)!.shape, [16, 16, 5, 5], name)
    t.same(scope.params.get(`${name}.bn.running_var`)!.shape, [16])
    t.notOk(scope.params.has(`${name}.depthwise.weight`))
  }
})
