import t from 'tap'
import { ghostNet, ghostNetClassifier } from '../../backbone/ghostnet.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { countParameters, image, sameFeatures, sameParameters } from '../support/backbones.ts'
import { seededWeights } from '../support/seeded.ts'

for (const [name, width] of [['ghostnet-1.0', 1], ['ghostnet-0.5', 0.5]] as const) {
  t.test(`${name}: features equal upstream's`, t => sameFeatures(t, name, ghostNet({ width })))
  t.test(`${name}: upstream's parameters, by number and by name`, async t => sameParameters(t, name, ghostNet({ width })))
}

for (const [width, millions] of [[0.5, 2.6], [1, 5.2], [1.3, 7.4]] as const) {
  t.test(`${width}: the classifier has ${millions} million parameters`, async t => {
    const scope = Scope.root(seededWeights)
    t.same(ghostNetClassifier({ width })(image, scope).shape, [1, 1000])
    t.equal(Math.round(countParameters(scope) / 1e5) / 10, millions)
    t.same([...scope.params.keys()].slice(-4), ['conv_head.weight', 'conv_head.bias', 'classifier.weight', 'classifier.bias'])
  })
}

t.test('outStages picks stages', async t => {
  const features = ghostNet({ outStages: [2, 8] })(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 24, 'H/4', 'W/4'], 4], [['N', 160, 'H/32', 'W/32'], 32]])
})

t.test('every convolution without a bias is followed by a norm: folded, each has one', async t => {
  const scope = Scope.root({ ...seededWeights, folded: true })
  ghostNetClassifier({ width: 0.5 })(image, scope)
  const names = [...scope.params.keys()]
  t.same(names.filter(name => name.endsWith('.weight') && !names.includes(name.replace(/weight$/, 'bias'))), [])
  t.notMatch(names.join(), /running_/)
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  ghostNet()(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', ...Array.from({ length: 10 }, (_, i) => `stage${i}`)])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.act1'))
  t.equal(scope.aliases.get('stage4'), scope.taps.get('backbone.blocks.4'))
})
