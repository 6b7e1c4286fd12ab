import t from 'tap'
import type { ModelConfig } from '../../models/config.ts'
import { countParameters, listLayers } from '../../models/layers.ts'
import { REGISTRY } from '../../models/registry.ts'

const config = REGISTRY.get('nanodet-m-416')!

/** Upstream's exact counts, dead parameters included. */
const UPSTREAM: Record<string, number> = {
  'nanodet-m-0.5x': 280_368,
  'nanodet-m': 959_348,
  'nanodet-m-416': 959_348,
  'nanodet-m-1.5x': 2_077_776,
  'nanodet-m-1.5x-416': 2_077_776,
  'nanodet-t': 1_360_404,
  'nanodet-g': 3_805_656,
  'nanodet-efficientlite0-320': 3_109_136,
  'nanodet-efficientlite1-416': 4_011_768,
  'nanodet-efficientlite2-512': 4_706_488,
  'nanodet-repvgg-a0-416': 6_754_584,
  'nanodet-plus-m-320': 1_197_924,
  'nanodet-plus-m-416': 1_197_924,
  'nanodet-plus-m-1.5x-320': 2_477_792,
  'nanodet-plus-m-1.5x-416': 2_477_792
}

/** What upstream's networks have and don't use: NanoDetHead's gfl_reg at each of 3 levels, TAN's transformer.linear. */
function deadParameters ({ head, neck }: ModelConfig): number {
  const gflReg = head.name === 'nanodet-head' ? 3 * 4 * (head.regMax + 1) * (head.featChannels + 1) : 0
  const linear = neck.name === 'tan' ? neck.outChannels * (neck.outChannels + 1) : 0
  return gflReg + linear
}

for (const [name, config] of REGISTRY) {
  t.test(`${name} has upstream's number of parameters`, async t => t.equal(countParameters(config) + deadParameters(config), UPSTREAM[name]))
}

t.test('layers come in the order of the forward pass, under the checkpoint\'s names', async t => {
  const layers = listLayers(config, false)
  const names = layers.map(({ name }) => name)
  t.same(names.slice(0, 4), ['backbone.conv1.0', 'backbone.conv1.1', 'backbone.conv1.2', 'backbone.conv1'])
  t.ok(names.indexOf('backbone.stage2.0.branch1.4') < names.indexOf('backbone.stage2.0.branch2.0'))
  t.ok(names.indexOf('fpn.p5') < names.indexOf('head.cls_convs.0.0.depthwise'))
  t.equal(names.at(-1), 'head')
})

t.test('shape, stride and parameters', async t => {
  const layer = (name: string) => listLayers(config, false).find(layer => layer.name === name)
  t.same(layer('backbone.stage2'),
    { name: 'backbone.stage2', alias: 'stage2', shape: [1, 116, 52, 52], dtype: 'float32', stride: 8, parameters: 30_192 })
  t.match(layer('backbone.stage2.0'), { parameters: 7398 })
  t.match(layer('fpn.lateral_convs.2.conv'), { parameters: 44_640, stride: 32 })
  t.same(layer('head'), { name: 'head', shape: [1, 3549, 112], dtype: 'float32', parameters: 3 * (20_928 + 10_864) })
})

t.test('short names stand at the outermost name', async t => {
  const aliases = listLayers(config, true).filter(({ alias }) => alias).map(({ name, alias }) => [alias, name])
  t.same(aliases, [
    ['stem', 'backbone.maxpool'], ['stage2', 'backbone.stage2'], ['stage3', 'backbone.stage3'], ['stage4', 'backbone.stage4'],
    ['p3', 'fpn.p3'], ['p4', 'fpn.p4'], ['p5', 'fpn.p5'], ['pred3', 'head.gfl_cls.0'], ['pred4', 'head.gfl_cls.1'], ['pred5', 'head.gfl_cls.2']
  ])
})

t.test('what lies before a folded norm is not offered', async t => {
  const names = listLayers(config, true).map(({ name }) => name)
  t.notOk(names.includes('backbone.conv1.0'))
  t.ok(names.includes('backbone.conv1.1'))
})

t.test('layers that levels share stand once a level, each with the parameters', async t => {
  const head: ModelConfig['head'] = { name: 'gfl-head', featChannels: 96, stackedConvs: 1, norm: 'group', regMax: 7, strides: [8, 16, 32], offset: 0.5 }
  const layers = listLayers({ ...config, head }, false).filter(({ name }) => name.startsWith('head.gfl_cls@'))
  t.same(layers.map(({ name, stride, parameters }) => [name, stride, parameters]),
    [3, 4, 5].map(level => [`head.gfl_cls@p${level}`, 2 ** level, 80 * (96 * 9 + 1)]))
})
