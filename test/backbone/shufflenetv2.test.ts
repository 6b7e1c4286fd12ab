import t from 'tap'
import { SHUFFLENET_V2_WIDTHS, shuffleNetV2, shuffleNetV2Classifier } from '../../backbone/shufflenetv2.ts'
import { relu } from '../../nn/activations.ts'
import { product } from '../../nn/dim.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { fixture } from '../support/files.ts'
import { run } from '../support/run.ts'
import { samplesDiffer, type Samples } from '../support/samples.ts'
import { seededImage, seededWeights } from '../support/seeded.ts'

interface Golden { features: Samples[], logits: Samples, parameters: number, first_keys: string[], last_keys: string[], key_count: number }
const goldens: Record<string, Golden> = fixture('backbones-seeded.json')
const image = input('image', [1, 3, 224, 224])

for (const width of SHUFFLENET_V2_WIDTHS) {
  const golden = goldens[`shufflenetv2-${width}`]!

  t.test(`${width}: features and logits equal torchvision's`, async t => {
    const features = shuffleNetV2({ width, act: relu })(image, Scope.root(seededWeights))
    t.same(features.map(({ stride }) => stride), [8, 16, 32])
    const [p3, p4, p5] = features.map(({ tensor }) => tensor)
    const logits = shuffleNetV2Classifier(width)(image, Scope.root(seededWeights))
    const outputs = await run({ p3: p3!, p4: p4!, p5: p5!, logits }, { image: { dims: [1, 3, 224, 224], data: seededImage(224) } })
    for (const [i, name] of ['p3', 'p4', 'p5'].entries()) t.ok(samplesDiffer(outputs[name]!, golden.features[i]!) < 1e-5, name)
    t.ok(samplesDiffer(outputs['logits']!, golden.logits) < 1e-4)
  })

  t.test(`${width}: torchvision's parameters, by number and by name`, async t => {
    const scope = Scope.root(seededWeights)
    shuffleNetV2Classifier(width)(image, scope)
    const names = [...scope.params.keys()]
    const trained = [...scope.params].filter(([name]) => !name.includes('running_'))
    t.equal(trained.reduce((total, [, { shape }]) => total + Number(product(shape)), 0), golden.parameters)
    t.equal(names.length, golden.key_count)
    t.same(names.slice(0, golden.first_keys.length), golden.first_keys)
    t.same(names.slice(-golden.last_keys.length), golden.last_keys)
  })
}

t.test('outStages picks stages', async t => {
  const features = shuffleNetV2({ width: '0.5x', outStages: [2, 4] })(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 48, 'H/8', 'W/8'], 8], [['N', 192, 'H/32', 'W/32'], 32]])
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  const [p3] = shuffleNetV2({ width: '1.0x' })(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', 'stage2', 'stage3', 'stage4'])
  t.equal(scope.aliases.get('stage2'), p3!.tensor)
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.maxpool'))
})

t.test('withLastConv ends stage 4 with conv5, under its own names', async t => {
  const scope = Scope.root(seededWeights)
  const features = shuffleNetV2({ width: '2.0x', withLastConv: true })(image, scope)
  t.same(features.at(-1)!.tensor.shape, [1, 2048, 7, 7])
  t.same(scope.params.get('stage4.conv5.0.weight')!.shape, [2048, 976, 1, 1])
})
