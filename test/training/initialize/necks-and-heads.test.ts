import t from 'tap'
import { HEAD_SCHEME, neckScheme, RARE } from '../../../training/initialize/necks-and-heads.ts'
import { drawn, type Scheme } from '../../../training/initialize/scheme.ts'
import { deviationOf, valuesOf } from '../../support/initial.ts'

const deviation = (scheme: Scheme, name: string, shape: number[]): number =>
  deviationOf(valuesOf(drawn(new Map([[name, shape]]), () => scheme, 3), name))
const near = (value: number, expected: number): boolean => Math.abs(value / expected - 1) < 0.12

t.test('FPN and PAN are Xavier\'s', async t => {
  for (const name of ['fpn', 'pan'] as const) {
    t.ok(near(deviation(neckScheme({ name, outChannels: 96 }), 'fpn.lateral_convs.0.conv.weight', [96, 116, 1, 1]), Math.sqrt(2 / 212)), name)
  }
})

t.test('GhostPAN: modules as Kaiming\'s, ghost blocks as PyTorch makes them', async t => {
  const scheme = neckScheme({ name: 'ghost-pan', outChannels: 96, kernel: 5, extraLevels: 1 })
  t.ok(near(deviation(scheme, 'fpn.reduce_layers.0.conv.weight', [96, 116, 1, 1]), Math.sqrt(2 / 96)))
  t.ok(near(deviation(scheme, 'fpn.top_down_blocks.0.blocks.0.ghost1.primary_conv.0.weight', [96, 192, 1, 1]), 1 / Math.sqrt(3 * 192)))
})

t.test('TAN: attention', async t => {
  const scheme = neckScheme({ name: 'tan', outChannels: 128, heads: 8, encoders: 1, mlpRatio: 4 })
  t.ok(near(deviation(scheme, 'fpn.pos_embed', [100, 1, 128]), 0.02))
  t.ok(near(deviation(scheme, 'fpn.transformer.encoders.0.mlp.fc1.weight', [128, 64]), 0.02))
  t.ok(near(deviation(scheme, 'fpn.transformer.encoders.0.attn.in_proj_weight', [384, 128]), Math.sqrt(2 / 512)))
  t.equal(deviation(scheme, 'fpn.transformer.encoders.0.attn.in_proj_bias', [384]), 0)
})

t.test('heads: classes begin rare, boxes with no preference, scales with 1', async t => {
  const shapes = new Map([
    ['head.gfl_cls.0.weight', [35, 96, 1, 1]], ['head.gfl_cls.0.bias', [35]], ['head.gfl_reg.0.weight', [32, 96, 1, 1]],
    ['head.gfl_reg.0.bias', [32]], ['head.scales.0.scale', []]
  ])
  const stateDict = drawn(shapes, () => HEAD_SCHEME, 1)
  t.ok(near(deviationOf(valuesOf(stateDict, 'head.gfl_cls.0.weight')), 0.01))
  t.same(new Set(valuesOf(stateDict, 'head.gfl_cls.0.bias')), new Set([Math.fround(RARE)]))
  t.same(new Set(valuesOf(stateDict, 'head.gfl_reg.0.bias')), new Set([0]))
  t.same([...valuesOf(stateDict, 'head.scales.0.scale')], [1])
})
