import t from 'tap'
import { customCspNet } from '../../backbone/custom-csp-net.ts'
import { Scope } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { image } from '../support/backbones.ts'
import { maxDifference, run } from '../support/run.ts'
import { seededImage, seededWeights } from '../support/seeded.ts'

t.test('upstream\'s shapes at 64×64', async t => {
  const features = customCspNet({ outStages: [2, 3, 4, 5] })(input('image', [1, 3, 64, 64]), Scope.root(seededWeights))
  t.same(features.map(({ tensor }) => tensor.shape), [[1, 64, 16, 16], [1, 128, 8, 8], [1, 256, 4, 4], [1, 512, 2, 2]])
})

t.test('outStages picks stages', async t => {
  const features = customCspNet({ outStages: [2, 4] })(input('image', ['N', 3, 'H', 'W']), Scope.root(seededWeights))
  t.same(features.map(({ tensor, stride }) => [tensor.shape, stride]), [[['N', 64, 'H/4', 'W/4'], 4], [['N', 256, 'H/16', 'W/16'], 16]])
})

t.test('upstream\'s names', async t => {
  const scope = Scope.root(seededWeights)
  customCspNet()(image, scope)
  const convs = [...scope.params.keys()].filter(name => name.endsWith('.conv.weight')).map(name => name.replace('.conv.weight', ''))
  t.same(convs.slice(0, 5), ['stages.0', 'stages.2.in_conv', 'stages.2.res_blocks.0.in_conv', 'stages.2.res_blocks.0.mid_conv', 'stages.2.res_out_conv'])
  t.equal(convs.filter(name => name.includes('.mid_conv')).length, 1 + 2 + 2 + 3)
  t.same(scope.params.get('stages.5.res_blocks.2.in_conv.conv.weight')!.shape, [128, 256, 3, 3])
})

t.test('a block\'s input comes behind what is made of it', async t => {
  const scope = Scope.root(seededWeights)
  customCspNet()(image, scope)
  const taps = { entry: 'stages.2.in_conv', through: 'stages.2.res_out_conv', block: 'stages.2' }
  const tensors = Object.fromEntries(Object.entries(taps).map(([name, path]) => [name, scope.taps.get(path)!]))
  const { entry, through, block } = await run(tensors, { image: { dims: [1, 3, 224, 224], data: seededImage(224) } })
  t.same(through!.dims, [1, 32, 56, 56])
  t.equal(maxDifference(block!.data.subarray(0, through!.data.length), through!.data), 0)
  t.equal(maxDifference(block!.data.subarray(through!.data.length), entry!.data), 0)
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  customCspNet()(image, scope.at('backbone'))
  t.same([...scope.aliases.keys()], ['stem', 'stage2', 'stage3', 'stage4', 'stage5'])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.stages.1'))
  t.equal(scope.aliases.get('stage5'), scope.taps.get('backbone.stages.5'))
})
