import t from 'tap'
import { mobileNetV2, mobileNetV2Classifier } from '../../backbone/mobilenetv2.ts'
import { Scope, type Weights } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { image, sameFeatures, sameLogits, sameParameters } from '../support/backbones.ts'
import { seededWeights } from '../support/seeded.ts'

for (const [name, width] of [['mobilenetv2-1.0', 1], ['mobilenetv2-0.5', 0.5]] as const) {
  t.test(`${name}: features and logits equal torchvision's`, async t => {
    await sameFeatures(t, name, mobileNetV2({ width }))
    await sameLogits(t, name, mobileNetV2Classifier({ width }))
  })

  t.test(`${name}: torchvision's parameters, by number and by name`, async t => sameParameters(t, name, mobileNetV2Classifier({ width })))
}

/** The seeded weights with each norm folded into the convolution that is numbered one less. */
const foldedWeights: Weights = {
  folded: true,
  get (name, shape) {
    const [, layer, kind] = /^(.*)\.(weight|bias)$/.exec(name)!
    if (layer!.startsWith('classifier')) return seededWeights.get(name, shape)
    const norm = layer!.replace(/\d+$/, number => String(Number(number) + 1))
    const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var']
      .map(key => seededWeights.get(`${norm}.${key}`, [shape[0]!]))
    const scale = weight!.map((w, c) => w / Math.sqrt(variance![c]! + 1e-5))
    if (kind === 'bias') return bias!.map((b, c) => b - mean![c]! * scale[c]!)
    const unfolded = seededWeights.get(name, shape)
    return unfolded.map((w, i) => w * scale[Math.floor(i * scale.length / unfolded.length)]!)
  }
}

t.test('a checkpoint with folded norms gives the same logits', async t => {
  await sameLogits(t, 'mobilenetv2-0.5', mobileNetV2Classifier({ width: 0.5 }), foldedWeights)
})

t.test('outStages picks stages', async t => {
  const features = mobileNetV2({ width: 1.4, outStages: [1, 5] })(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 32, 'H/4', 'W/4'], 4], [['N', 224, 'H/32', 'W/32'], 32]])
})

t.test('only a wider network has more channels at the end', async t => {
  const scope = Scope.root(seededWeights)
  mobileNetV2Classifier({ width: 1.4, classes: 10 })(image, scope)
  t.same(scope.params.get('features.18.0.weight')!.shape, [1792, 448, 1, 1])
  t.same(scope.params.get('classifier.1.weight')!.shape, [10, 1792])
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  mobileNetV2()(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', ...[0, 1, 2, 3, 4, 5, 6].map(i => `stage${i}`)])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.features.0'))
  t.equal(scope.aliases.get('stage2'), scope.taps.get('backbone.features.6'))
  t.equal(scope.aliases.get('stage6'), scope.taps.get('backbone.features.17'))
})
