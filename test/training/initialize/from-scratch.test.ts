import t from 'tap'
import { CLASSIFIERS } from '../../../models/architectures.ts'
import { REGISTRY } from '../../../models/registry.ts'
import type { ModelConfig } from '../../../models/config.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { buildClassifierOnImage } from '../../../models/classifier.ts'
import { buildOnImage } from '../../../models/network.ts'
import { input } from '../../../nn/tensor.ts'
import { fromScratch, paramsOf } from '../../../training/initialize/from-scratch.ts'
import { deviationOf, leastClassifier, valuesOf } from '../../support/initial.ts'
import { SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const near = (value: number, expected: number): boolean => Math.abs(value / expected - 1) < 0.12

for (const spec of CLASSIFIERS) {
  t.test(`${spec.name}: a classifier from scratch has all parameters`, async t => {
    const config = leastClassifier(spec)
    const stateDict = fromScratch(config, { seed: 1 })
    t.same([...stateDict.parameters.keys()], [...paramsOf(config).keys()])
    t.ok([...stateDict.parameters.values()].every(({ data }) => Number.isFinite(data.at(-1))))
    t.doesNotThrow(() => buildClassifierOnImage(config, weightsOf(stateDict)))
  })
}

t.test('each part of a detector is initialized as its own code does', async t => {
  const stateDict = fromScratch(SMALL, { seed: 1 })
  t.ok(near(deviationOf(valuesOf(stateDict, 'backbone.stage4.1.branch2.0.weight')), 1 / 96))
  t.ok(near(deviationOf(valuesOf(stateDict, 'fpn.lateral_convs.2.conv.weight')), Math.sqrt(2 / (192 + 96))))
  t.ok(near(deviationOf(valuesOf(stateDict, 'head.cls_convs.0.0.pointwise.weight')), 0.01))
  t.same(valuesOf(stateDict, 'backbone.stage2.0.branch1.1.bias')[0], Math.fround(1e-4))
  t.same(valuesOf(stateDict, 'head.cls_convs.0.0.dwnorm.running_var')[0], 1)
  t.same(new Set(valuesOf(stateDict, 'head.gfl_cls.0.bias')), new Set([Math.fround(-4.595)]))
  t.doesNotThrow(() => buildOnImage(SMALL, weightsOf(stateDict)))
})

t.test('the seed decides', async t => {
  const first = (seed: number): number => valuesOf(fromScratch(SMALL_CLASSIFIER, { seed }), 'fc.weight')[0]!
  t.equal(first(1), first(1))
  t.not(first(1), first(2))
})

t.test('all weights can be normal or Xavier\'s; biases and norms stay', async t => {
  const weight = 'stage4.1.branch2.0.weight'
  t.ok(near(deviationOf(valuesOf(fromScratch(SMALL_CLASSIFIER, { seed: 1, initialization: 'normal' }), weight)), 0.01))
  const xavier = fromScratch(SMALL_CLASSIFIER, { seed: 1, initialization: 'xavier' })
  t.ok(near(deviationOf(valuesOf(xavier, weight)), Math.sqrt(2 / 192)))
  t.ok(near(deviationOf(valuesOf(xavier, 'fc.weight')), Math.sqrt(2 / 1027)))
  t.same(valuesOf(xavier, 'stage2.0.branch1.1.weight')[0], 1)
  const detector = fromScratch(SMALL, { seed: 1, initialization: 'xavier' })
  t.same(valuesOf(detector, 'head.gfl_cls.1.bias')[0], Math.fround(-4.595))
})

t.test('the auxiliary head and neck of NanoDet-Plus are initialized as head and neck', async t => {
  const plus: ModelConfig = { ...REGISTRY.get('nanodet-plus-m-320')!, input: { width: 64, height: 64 } }
  const params = new Map([
    'aux_fpn.reduce_layers.0.conv.weight [96, 116, 1, 1]', 'aux_head.cls_convs.0.conv.weight [192, 192, 3, 3]',
    'aux_head.cls_convs.0.gn.weight [192]', 'aux_head.gfl_cls.bias [80]', 'aux_head.gfl_cls.weight [80, 192, 3, 3]', 'aux_head.scales.0.scale []'
  ].map(line => [line.split(' ')[0]!, input(line, JSON.parse(line.slice(line.indexOf('['))))]))
  const stateDict = fromScratch(plus, { seed: 1, params })
  t.ok(near(deviationOf(valuesOf(stateDict, 'aux_fpn.reduce_layers.0.conv.weight')), Math.sqrt(2 / 96)))
  t.ok(near(deviationOf(valuesOf(stateDict, 'aux_head.cls_convs.0.conv.weight')), 0.01))
  t.same([...params.keys()].slice(2).map(name => Math.abs(valuesOf(stateDict, name)[0]!) < 0.1 || valuesOf(stateDict, name)[0]),
    [1, Math.fround(-4.595), true, 1])
})
