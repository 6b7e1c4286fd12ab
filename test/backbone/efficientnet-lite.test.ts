import t from 'tap'
import { EFFICIENTNET_LITE_VARIANTS, efficientNetLite, type EfficientNetLiteVariant } from '../../backbone/efficientnet-lite.ts'
import { hardSwish } from '../../nn/activations.ts'
import { topologicalOrder } from '../../nn/graph.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { image } from '../support/backbones.ts'
import { seededWeights } from '../support/seeded.ts'

/** Of the stages 0 … 6, as the paper's rule makes them; 0 … 2 are what upstream's config files expect of stages 2, 4 and 6. */
const EXPECTED: Record<EfficientNetLiteVariant, { channels: number[], blocks: number[] }> = {
  0: { channels: [16, 24, 40, 80, 112, 192, 320], blocks: [1, 2, 2, 3, 3, 4, 1] },
  1: { channels: [16, 24, 40, 80, 112, 192, 320], blocks: [1, 3, 3, 4, 4, 5, 1] },
  2: { channels: [16, 24, 48, 88, 120, 208, 352], blocks: [1, 3, 3, 4, 4, 5, 1] },
  3: { channels: [24, 32, 48, 96, 136, 232, 384], blocks: [1, 3, 3, 5, 5, 6, 1] },
  4: { channels: [24, 32, 56, 112, 160, 272, 448], blocks: [1, 4, 4, 6, 6, 8, 1] }
}

for (const variant of EFFICIENTNET_LITE_VARIANTS) {
  t.test(`Lite${variant}: channels and blocks`, async t => {
    const scope = Scope.root(seededWeights)
    const features = efficientNetLite({ variant, outStages: [0, 1, 2, 3, 4, 5, 6] })(image, scope)
    t.same(features.map(({ tensor }) => tensor.channels), EXPECTED[variant].channels)
    t.same(features.map(({ stride }) => stride), [2, 4, 8, 16, 16, 32, 32])
    const blocks = new Set([...scope.params.keys()].flatMap(name => /^blocks\.(\d)\.(\d)\./.exec(name)?.[0] ?? []))
    t.same(EXPECTED[variant].blocks, [0, 1, 2, 3, 4, 5, 6].map(stage => [...blocks].filter(name => name.startsWith(`blocks.${stage}.`)).length))
  })
}

t.test('upstream\'s names: the first block does not expand', async t => {
  const scope = Scope.root(seededWeights)
  efficientNetLite({ variant: 0 })(image, scope)
  const weights = [...scope.params].filter(([, { shape }]) => shape.length === 4).map(([name, { shape }]) => [name, shape.join('×')])
  t.same(weights.slice(0, 6), [
    ['stem.0.weight', '32×3×3×3'], ['blocks.0.0._depthwise_conv.weight', '32×1×3×3'], ['blocks.0.0._project_conv.weight', '16×32×1×1'],
    ['blocks.1.0._expand_conv.weight', '96×16×1×1'], ['blocks.1.0._depthwise_conv.weight', '96×1×3×3'],
    ['blocks.1.0._project_conv.weight', '24×96×1×1']
  ])
  t.same(scope.params.get('blocks.2.0._depthwise_conv.weight')!.shape, [144, 1, 5, 5])
  t.ok(['stem.1', 'blocks.0.0._bn1', 'blocks.0.0._bn2', 'blocks.1.0._bn0'].every(norm => scope.params.has(`${norm}.running_var`)))
})

t.test('the activation is the stem\'s alone, and norms have a larger epsilon', async t => {
  const features = efficientNetLite({ variant: 0, act: hardSwish })(image, Scope.root(seededWeights))
  const nodes = topologicalOrder(features.map(({ tensor }) => tensor))
  t.equal(nodes.filter(({ op }) => op === 'HardSwish').length, 1)
  t.ok(nodes.filter(({ op }) => op === 'BatchNormalization').every(({ attributes }) => JSON.stringify(attributes['epsilon']) === '{"float":0.001}'))
})

t.test('outStages picks stages', async t => {
  const features = efficientNetLite({ variant: 2, outStages: [1, 5] })(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 24, 'H/4', 'W/4'], 4], [['N', 208, 'H/32', 'W/32'], 32]])
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  efficientNetLite({ variant: 0 })(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', ...[0, 1, 2, 3, 4, 5, 6].map(i => `stage${i}`)])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.stem'))
  t.equal(scope.aliases.get('stage4'), scope.taps.get('backbone.blocks.4'))
})
