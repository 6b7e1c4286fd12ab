import t from 'tap'
import {
  SHUFFLENET_V1_GROUPS, SHUFFLENET_V1_WIDTHS, shuffleNetV1, shuffleNetV1Classifier, type ShuffleNetV1Options
} from '../../backbone/shufflenetv1.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { image, sameFeatures, sameLogits, sameParameters } from '../support/backbones.ts'
import { run } from '../support/run.ts'
import { seededImage, seededWeights } from '../support/seeded.ts'

/** The reference figures interleave groups as the paper does, wherever the shuffle stands. */
const networks: Array<[name: string, ShuffleNetV1Options]> = [
  ...SHUFFLENET_V1_GROUPS.flatMap(groups => SHUFFLENET_V1_WIDTHS.map((width): [string, ShuffleNetV1Options] =>
    [`shufflenetv1-${width}-g${groups}`, { width, groups, shuffleOrder: 'paper' }])),
  ['shufflenetv1-1.0x-g3-paper-order', { width: '1.0x', groups: 3, shuffle: 'before-depthwise', shuffleOrder: 'paper' }],
  ['shufflenetv1-2.0x-g8-paper-order', { width: '2.0x', groups: 8, shuffle: 'before-depthwise', shuffleOrder: 'paper' }]
]

for (const [name, options] of networks) {
  t.test(`${name}: features and logits equal the reference`, async t => {
    await sameFeatures(t, name, shuffleNetV1(options))
    await sameLogits(t, name, shuffleNetV1Classifier(options))
  })

  t.test(`${name}: the authors' parameters, by number and by name`, async t => sameParameters(t, name, shuffleNetV1Classifier(options)))
}

/** Numbers of the layers of one block that have weights, for example branch_main_1.0. */
const blockLayers = (options: ShuffleNetV1Options): string[] => {
  const scope = Scope.root(seededWeights)
  shuffleNetV1(options)(image, scope)
  const weights = [...scope.params.keys()].filter(name => name.startsWith('features.5.') && name.endsWith('.weight'))
  return weights.map(name => name.replace(/^features\.5\.|\.weight$/g, ''))
}

t.test('where channels are shuffled shows in the names', async t => {
  const authors = ['branch_main_1.0', 'branch_main_1.1', 'branch_main_1.3', 'branch_main_1.4', 'branch_main_2.0', 'branch_main_2.1']
  const paper = ['branch_main_1.0', 'branch_main_1.1', 'branch_main_2.0', 'branch_main_2.1', 'branch_main_2.2', 'branch_main_2.3']
  t.same(blockLayers({ width: '0.5x', groups: 3, shuffle: 'after-depthwise' }), authors)
  t.same(blockLayers({ width: '0.5x', groups: 3, shuffle: 'before-depthwise' }), paper)
})

for (const shuffleOrder of ['paper', 'authors'] as const) {
  t.test(`shuffled as the ${shuffleOrder} would`, async t => {
    const scope = Scope.root(seededWeights)
    shuffleNetV1({ width: '0.5x', groups: 3, shuffleOrder })(image, scope)
    const [before, after] = ['branch_main_1', 'shuffle'].map(name => scope.taps.get(`features.0.${name}`)!)
    const values = await run({ before: before!, after: after! }, { image: { dims: [1, 3, 224, 224], data: seededImage(224) } })
    const plane = (name: string, c: number): string => values[name]!.data.subarray(c * 28 * 28, (c + 1) * 28 * 28).join()
    for (let group = 0; group < 3; group++) {
      for (let i = 0; i < 10; i++) { // 30 channels: 10 a group
        const [interleaved, grouped] = [i * 3 + group, group * 10 + i]
        const [from, to] = shuffleOrder === 'paper' ? [grouped, interleaved] : [interleaved, grouped]
        t.equal(plane('after', to), plane('before', from))
      }
    }
  })
}

t.test('outStages picks stages', async t => {
  const backbone = shuffleNetV1({ width: '0.5x', groups: 8, outStages: [2, 4] })
  const features = backbone(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 192, 'H/8', 'W/8'], 8], [['N', 768, 'H/32', 'W/32'], 32]])
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  shuffleNetV1({ width: '1.0x', groups: 3 })(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', 'stage2', 'stage3', 'stage4'])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.maxpool'))
  t.equal(scope.aliases.get('stage2'), scope.taps.get('backbone.features.3'))
  t.equal(scope.aliases.get('stage4'), scope.taps.get('backbone.features.15'))
})
