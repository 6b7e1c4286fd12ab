import t from 'tap'
import { REPVGG_VARIANTS, repVgg } from '../../backbone/repvgg.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { countParameters, image } from '../support/backbones.ts'
import { fixture } from '../support/files.ts'
import { run } from '../support/run.ts'
import { samplesDiffer } from '../support/samples.ts'
import { seededImage, seededWeights } from '../support/seeded.ts'

t.test('the training form\'s features equal upstream\'s', async t => {
  const image = input('image', [1, 3, 416, 416])
  const features = repVgg({ variant: 'A0', lastChannels: 512, form: 'train' })(image, Scope.root(seededWeights).at('backbone'))
  const outputs = Object.fromEntries(features.map(({ tensor }, i) => [i, tensor]))
  const results = await run(outputs, { image: { dims: [1, 3, 416, 416], data: seededImage(416) } })
  for (const [i, golden] of fixture('forward-seeded.json')['nanodet-repvgg-a0-416'].backbone.entries()) {
    t.ok(samplesDiffer(results[i]!, { ...golden, index: [0, 1, 2, 3], value: golden.first }) < 1e-5)
  }
})

t.test('the paper\'s channels', async t => {
  const channels = REPVGG_VARIANTS.map(variant =>
    repVgg({ variant, outStages: [1, 2, 3, 4] })(image, Scope.root(seededWeights)).map(({ tensor }) => tensor.channels))
  t.same(channels, [[48, 96, 192, 1280], [64, 128, 256, 1280], [96, 192, 384, 1408]])
})

t.test('upstream\'s names in both forms', async t => {
  const names = (form: 'train' | 'deploy') => {
    const scope = Scope.root(seededWeights)
    repVgg({ variant: 'A0', form })(image, scope)
    return [...scope.params.keys()].filter(name => /^stage(0|1\.[01])\./.test(name) && !/running|bias$/.test(name))
  }
  t.same(names('deploy'), ['stage0.rbr_reparam.weight', 'stage1.0.rbr_reparam.weight', 'stage1.1.rbr_reparam.weight'])
  const branches = (block: string) => ['rbr_dense.0', 'rbr_dense.1', 'rbr_1x1.0', 'rbr_1x1.1'].map(name => `${block}.${name}.weight`)
  t.same(names('train'), [...branches('stage0'), ...branches('stage1.0'), ...branches('stage1.1'), 'stage1.1.rbr_identity.weight'])
})

t.test('the training form has norms that can\'t be folded', async t => {
  const scope = Scope.root({ ...seededWeights, folded: true })
  t.throws(() => repVgg({ variant: 'A0', form: 'train' })(image, scope), { message: /^stage0: RepVGG's training form can't be built/ })
  t.equal(repVgg({ variant: 'A0' })(image, scope).length, 3)
})

t.test('upstream\'s number of parameters: its network\'s 7,404,408 and 6,754,584 differ in the backbone alone', async t => {
  const count = (form: 'train' | 'deploy'): number => {
    const scope = Scope.root(seededWeights)
    repVgg({ variant: 'A0', lastChannels: 512, form })(image, scope)
    return countParameters(scope)
  }
  t.equal(count('train') - count('deploy'), 7_404_408 - 6_754_584)
})

t.test('outStages picks stages, lastChannels sets the last one\'s width', async t => {
  const backbone = repVgg({ variant: 'A0', lastChannels: 64, outStages: [1, 4] })
  const features = backbone(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 48, 'H/4', 'W/4'], 4], [['N', 64, 'H/32', 'W/32'], 32]])
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  repVgg({ variant: 'A0' })(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', 'stage1', 'stage2', 'stage3', 'stage4'])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.stage0'))
  t.equal(scope.aliases.get('stage4'), scope.taps.get('backbone.stage4'))
})
