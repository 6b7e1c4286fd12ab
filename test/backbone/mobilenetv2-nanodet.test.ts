import t from 'tap'
import { mobileNetV2NanoDet } from '../../backbone/mobilenetv2-nanodet.ts'
import { relu6 } from '../../nn/activations.ts'
import { linear } from '../../nn/layers.ts'
import * as op from '../../nn/ops.ts'
import { Scope, type Layer, type Weights } from '../../nn/scope.ts'
import { input } from '../../nn/tensor.ts'
import { countParameters, image, sameLogits } from '../support/backbones.ts'
import { seededWeights } from '../support/seeded.ts'

/** The number of each stage's first block in torchvision's `features`. */
const FIRST = [1, 2, 4, 7, 11, 14, 17]
const torchvisionName = (name: string): string => name
  .replace(/^first_layer/, 'features.0')
  .replace(/^stage6\.1/, 'features.18')
  .replace(/^stage(\d)\.(\d)/, (_, stage, block) => `features.${FIRST[stage]! + Number(block)}`)
const weights: Weights = { folded: false, get: (name, shape) => seededWeights.get(torchvisionName(name), shape) }
const asClassifier: Layer = (x, scope) => {
  const [features] = mobileNetV2NanoDet({ act: relu6, outStages: [6] })(x, scope)
  return scope.at('classifier').apply(1, linear(1000), op.globalMean(features!.tensor))
}

t.test('at full width, it computes what torchvision\'s network does', async t => {
  await sameLogits(t, 'mobilenetv2-1.0', asClassifier, weights)
})

const paramsOf = (options: Parameters<typeof mobileNetV2NanoDet>[0]) => {
  const scope = Scope.root(seededWeights)
  const features = mobileNetV2NanoDet(options)(image, scope)
  return { scope, features }
}

t.test('upstream\'s parameters, by number, name and shape', async t => {
  const { scope } = paramsOf({})
  t.equal(countParameters(scope), 2_223_872)
  const shapes = [...scope.params].map(([name, { shape }]) => `${name} ${shape.join('×')}`)
  t.equal(shapes.length, 52 * 5)
  for (const expected of [
    'first_layer.0.weight 32×3×3×3', 'first_layer.1.running_var 32', 'stage0.0.conv.0.0.weight 32×1×3×3', 'stage0.0.conv.1.weight 16×32×1×1',
    'stage0.0.conv.2.weight 16', 'stage1.0.conv.0.0.weight 96×16×1×1', 'stage1.0.conv.1.0.weight 96×1×3×3', 'stage1.1.conv.2.weight 24×144×1×1',
    'stage3.3.conv.3.bias 64', 'stage6.0.conv.2.weight 320×960×1×1', 'stage6.1.0.weight 1280×320×1×1', 'stage6.1.1.running_mean 1280'
  ]) t.ok(shapes.includes(expected), expected)
})

t.test('another width cuts channels to whole numbers; the last convolution keeps its own', async t => {
  const { features, scope } = paramsOf({ width: 0.35, lastChannels: 640, outStages: [1, 2, 4, 6] })
  t.same(features.map(({ tensor, stride }) => [tensor.channels, stride]), [[8, 4], [11, 8], [33, 16], [640, 32]])
  t.same(scope.params.get('first_layer.0.weight')!.shape, [11, 3, 3, 3])
})

t.test('stem and stages have short names', async t => {
  const scope = Scope.root(seededWeights)
  const features = mobileNetV2NanoDet()(input('image', ['N', 3, 'H', 'W']), scope.at('backbone'))
  t.same(features.map(({ stride }) => stride), [4, 8, 16, 32])
  t.equal(scope.aliases.get('stem'), scope.taps.get('backbone.first_layer'))
  t.equal(scope.aliases.get('stage6'), scope.taps.get('backbone.stage6.1'))
})
