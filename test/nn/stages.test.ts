import t from 'tap'
import { depthwise, pointwise } from '../../nn/layers.ts'
import { Scope, type Layer } from '../../nn/scope.ts'
import { stagedBackbone } from '../../nn/stages.ts'
import { input } from '../../nn/tensor.ts'
import { seededWeights } from '../support/seeded.ts'

const at = (name: string, layer: Layer): Layer => (x, scope) => scope.apply(name, layer, x)
const stem = { stride: 2, layer: at('conv1', depthwise(3, 2)) }
const stages = [
  { number: 2, stride: 1, layer: at('a', pointwise(8)) },
  { number: 3, stride: 2, layer: at('b', depthwise(3, 2)) },
  { number: 4, stride: 2, layer: at('c', depthwise(3, 2)) }
]

t.test('features come with their strides, in the order of the stages', async t => {
  const scope = Scope.root(seededWeights)
  const features = stagedBackbone(stem, stages, [4, 2])(input('image', [1, 3, 32, 32]), scope)
  t.same(features.map(({ tensor, stride }) => [stride, tensor.shape]), [[2, [1, 8, 16, 16]], [8, [1, 8, 4, 4]]])
  t.same(Object.keys(features[0]!), ['tensor', 'stride'])
})

t.test('the stem and every stage have a short name, returned or not', async t => {
  const scope = Scope.root(seededWeights)
  stagedBackbone(stem, stages, [3])(input('image', [1, 3, 32, 32]), scope)
  t.same([...scope.aliases.keys()], ['stem', 'stage2', 'stage3', 'stage4'])
  t.equal(scope.aliases.get('stem'), scope.taps.get('conv1'))
  t.equal(scope.aliases.get('stage4'), scope.taps.get('c'))
})

t.test('stages that there are not are not returned', async t => {
  t.same(stagedBackbone(stem, stages, [1, 5])(input('image', [1, 3, 32, 32]), Scope.root(seededWeights)), [])
})
