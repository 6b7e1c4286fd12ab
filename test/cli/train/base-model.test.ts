import t from 'tap'
import { baseModel } from '../../../cli/train/base-model.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { opaqueGraph } from '../../support/opaque-graph.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { writeConfig } from '../../../models/files/write-config.ts'

const LABELS = ['dog', 'rocket']
const base = (options: Partial<TrainOptions>, labels = LABELS) => baseModel({ seed: 1, ...options } as TrainOptions, 'mine', labels)
const classRows = (parameters: ReadonlyMap<string, { shape: readonly number[] }>) => parameters.get('head.gfl_cls.0.weight')!.shape[0]

t.test('the built-in model by default, with rows of new classes', async t => {
  const { config, initial, origin, start, auxiliary } = await base({ size: 320 })
  t.match(config, { name: 'mine', labels: LABELS, input: { width: 320, height: 320 }, backbone: { name: 'shufflenetv2' } })
  t.notOk('published' in config || 'weights' in config)
  t.same([origin, start, auxiliary, initial.folded], ['nanodet-m-416', 'new-classes', false, true])
  t.match(await base({}, ['dog', 'bird', 'cat']), { start: 'known-classes', config: { input: { width: 320 } } })
  t.equal(classRows(initial.parameters), LABELS.length + 32)
})

t.test('a model of the user\'s, or a config with random weights', async t => {
  const model = seededModel({ ...SMALL, input: { width: 96, height: 64 } })
  const folder = t.testdir({ 'small.json': writeConfig(model), 'small.safetensors': safetensorsFile(model.stateDict) })
  const from = await base({ from: `${folder}/small.json` })
  t.match(from, { origin: 'small', config: { input: { width: 96, height: 64 } } })
  t.same(from.initial.parameters.get('backbone.conv1.0.weight'), model.stateDict.parameters.get('backbone.conv1.0.weight'))
  const scratch = await base({ model: `${folder}/small.json` })
  t.match(scratch, { origin: 'random weights', start: 'random', auxiliary: false, initial: { folded: false } })
  t.match(await base({ model: `${folder}/small.json`, weights: `${folder}/small.safetensors` }), { start: 'new-classes' })
  t.match(await base({ from: 'small', modelsDir: folder }), { origin: 'small' })
  const plus = await base({ model: 'nanodet-plus-m-320' })
  t.ok(plus.auxiliary && plus.initial.parameters.has('aux_head.gfl_cls.weight'))
})

t.test('what can\'t be trained', async t => {
  const kinds = seededClassifier(SMALL_CLASSIFIER)
  const folder = t.testdir({ 'kinds.json': CLASSIFIER_JSON, 'kinds.safetensors': safetensorsFile(kinds.stateDict), 'graph.onnx': opaqueGraph(seededModel(SMALL)) })
  await t.rejects(base({ from: 'a', model: 'b' }), { name: 'UsageError', message: /^--from: not with --model/ })
  await t.rejects(base({ from: `${folder}/kinds.json` }), { name: 'UsageError', message: 'kinds is a classifier: --task classify trains it' })
  await t.rejects(base({ from: `${folder}/graph.onnx` }), { name: 'UsageError', message: 'graph is an ONNX graph that runs as it is' })
  await t.rejects(base({ size: 300 }), { name: 'UsageError', message: '--size: expected a multiple of 32, found 300' })
  await t.rejects(base({ from: 'nanodet-m' }), { name: 'UsageError', message: /^nanodet-m has no built-in weights/ })
})

t.test('a size that the weights do not allow', async t => {
  const model = seededModel({ ...REGISTRY.get('nanodet-t')!, backbone: SMALL.backbone, input: { width: 64, height: 64 }, labels: ['cat'] })
  const folder = t.testdir({ 'tan.json': writeConfig(model), 'tan.safetensors': safetensorsFile(model.stateDict) })
  t.match(await base({ from: `${folder}/tan.json` }), { origin: 'tan' })
  await t.rejects(base({ from: `${folder}/tan.json`, size: 96 }), { name: 'CommandError', message: /^tan: its weights do not fit the new model: .*pos_embed/ })
})

t.test('an input that is not a multiple of 32 needs a size', async t => {
  const config = { ...SMALL, input: { width: 100, height: 64 } }
  const folder = t.testdir({ 'odd.yml': (await import('../../support/upstream-yaml.ts')).upstreamYaml(config) })
  await t.rejects(base({ model: `${folder}/odd.yml` }), { message: '--size: expected a multiple of 32, found 100×64' })
})
