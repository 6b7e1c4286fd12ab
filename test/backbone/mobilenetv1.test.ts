import t from 'tap'
import { mobileNetV1, mobileNetV1Classifier } from '../../backbone/mobilenetv1.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { image, sameFeatures, sameLogits, sameParameters } from '../support/backbones.ts'
import { seededWeights } from '../support/seeded.ts'

for (const [name, width] of [['mobilenetv1-1.0', 1], ['mobilenetv1-0.5', 0.5]] as const) {
  t.test(`${name}: features and logits equal timm's`, async t => {
    await sameFeatures(t, name, mobileNetV1({ width }))
    await sameLogits(t, name, mobileNetV1Classifier({ width }))
  })

  t.test(`${name}: timm's parameters, by number and by name`, async t => sameParameters(t, name, mobileNetV1Classifier({ width })))
}

t.test('outStages picks stages', async t => {
  const features = mobileNetV1({ width: 0.25, outStages: [0, 4] })(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 16, 'H/2', 'W/2'], 2], [['N', 256, 'H/32', 'W/32'], 32]])
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  mobileNetV1()(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', 'stage0', 'stage1', 'stage2', 'stage3', 'stage4'])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.bn1'))
  t.equal(scope.aliases.get('stage4'), scope.taps.get('backbone.blocks.4'))
})
