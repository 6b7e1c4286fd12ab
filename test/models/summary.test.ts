import t from 'tap'
import { backboneSchema } from '../../models/files/own-schema.ts'
import { REGISTRY } from '../../models/registry.ts'
import { summarize } from '../../models/summary.ts'

/** A head that shares its towers leaves three box convolutions unused: `values` outputs of `width` channels, with bias. */
const unused = (values: number, width: number): number => 3 * values * (width + 1)

/**
 * What upstream's PyTorch code has: 10⁹ MACs in convolutions, and parameters, less those it never uses. RepVGG as it is
 * deployed: as it is trained, with three branches a block, it costs 6.127. nanodet-t has a linear layer that is not used, either.
 */
const UPSTREAM: Record<string, [convGigaMacs: string, parameters: number]> = {
  'nanodet-plus-m-320': ['0.451', 1_197_924],
  'nanodet-plus-m-416': ['0.762', 1_197_924],
  'nanodet-plus-m-1.5x-320': ['0.879', 2_477_792],
  'nanodet-plus-m-1.5x-416': ['1.486', 2_477_792],
  'nanodet-m': ['0.342', 950_036],
  'nanodet-m-416': ['0.578', 950_036],
  'nanodet-m-1.5x': ['0.696', 2_077_776 - unused(32, 128)],
  'nanodet-m-1.5x-416': ['1.177', 2_077_776 - unused(32, 128)],
  'nanodet-m-0.5x': ['0.139', 280_368 - unused(32, 96)],
  'nanodet-t': ['0.411', 1_360_404 - unused(32, 128) - 16_512],
  'nanodet-g': ['2.090', 3_805_656 - unused(44, 128)],
  'nanodet-efficientlite0-320': ['0.821', 3_109_136 - unused(32, 96)],
  'nanodet-efficientlite1-416': ['1.933', 4_011_768 - unused(44, 128)],
  'nanodet-efficientlite2-512': ['3.405', 4_706_488 - unused(44, 128)],
  'nanodet-repvgg-a0-416': ['5.631', 6_754_584 - unused(44, 128)]
}

for (const [name, config] of REGISTRY) {
  t.test(`${name} costs what upstream's code does`, async t => {
    const { operators, totals, layers } = summarize(config, false)
    const { macs } = operators.find(({ op }) => op === 'Conv')!
    t.same([(macs / 1e9).toFixed(3), totals.parameters], UPSTREAM[name])
    const outermost = layers.filter(({ name }) => !name.includes('.'))
    for (const metric of ['parameters', 'macs', 'accesses'] as const) {
      t.equal(outermost.reduce((sum, layer) => sum + layer[metric], 0), totals[metric], `${metric} of all layers are the total`)
    }
  })
}

const config = REGISTRY.get('nanodet-m-416')!
const rowOf = (path: string, folded = false) => summarize(config, folded).layers.find(layer => layer.name === path)

t.test('a row a layer, each before what is within it', async t => {
  const paths = summarize(config, false).layers.map(({ name }) => name)
  t.same(paths.slice(0, 5), ['backbone', 'backbone.conv1', 'backbone.conv1.0', 'backbone.conv1.1', 'backbone.conv1.2'])
  t.same(paths.filter(path => !path.includes('.')), ['backbone', 'fpn', 'head'])
  t.equal(new Set(paths).size, paths.length)
})

t.test('operators, shape and cost of a layer', async t => {
  t.same(rowOf('backbone.stage2.1.branch2.0'), {
    name: 'backbone.stage2.1.branch2.0',
    kind: 'Conv 1×1',
    shape: [1, 58, 52, 52],
    parameters: 58 * 58,
    macs: 52 * 52 * 58 * 58,
    accesses: 52 * 52 * (58 + 58) + 58 * 58
  })
  t.match(rowOf('backbone.stage2.1'), { kind: 'Split, Concat, Gather', shape: [1, 116, 52, 52], parameters: 7598 })
  t.match(rowOf('backbone.stage3'), { kind: '', parameters: 244_180 })
  t.match(rowOf('head.cls_convs.0.0'), { kind: 'LeakyRelu (2)', parameters: 20_928 / 2 })
  t.match(rowOf('head.cls_convs.0.0.depthwise'), { kind: 'Conv 3×3 depthwise' })
  t.match(rowOf('fpn'), { kind: 'Resize (4), Add (4)', shape: undefined, macs: 52_695_552 })
})

t.test('folded, norms are no layers any more', async t => {
  const { totals, operators } = summarize(config, true)
  t.equal(totals.parameters, 941_818)
  t.notOk(operators.some(({ op }) => op === 'BatchNormalization'))
  t.match(rowOf('backbone.conv1.0', true), { shape: [1, 24, 208, 208], parameters: 648 + 24 })
  t.equal(rowOf('backbone.conv1.1', true), undefined)
})

t.test('grouped convolutions are told by their groups', async t => {
  const shuffled = { ...config, backbone: backboneSchema.parse({ name: 'shufflenetv1', width: '0.5x', groups: 3 }) }
  const { layers, guidelines } = summarize(shuffled, false)
  t.ok(layers.some(({ kind }) => kind.includes('Conv 1×1 in 3 groups')))
  t.ok(guidelines.find(({ metric }) => metric === 'groups')!.value > 1)
})

t.test('the guidelines of a network that follows them', async t => {
  const figures = summarize(config, true).guidelines.map(({ guideline, metric, value }) => [guideline, metric, Number(value.toFixed(3))])
  t.same(figures, [
    ['G1', 'channel ratio', 1.169], ['G2', 'grouped share', 0], ['G2', 'groups', 1], ['G3', 'fragmentation', 1.221],
    ['G4', 'element-wise share', 0.266]
  ])
})
