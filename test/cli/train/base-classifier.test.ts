import t from 'tap'
import { baseClassifier } from '../../../cli/train/base-classifier.ts'
import type { TrainOptions } from '../../../cli/train/options.ts'
import { deviationOf, valuesOf } from '../../support/initial.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { opaqueGraph } from '../../support/opaque-graph.ts'

const LABELS = ['dog', 'owl']
const { stateDict } = seededClassifier(SMALL_CLASSIFIER)
const base = (options: Partial<TrainOptions>) => baseClassifier({ seed: 1, initialization: 'upstream', ...options } as TrainOptions, 'mine', LABELS)
const folder = t.testdir({
  'kinds.json': CLASSIFIER_JSON,
  'kinds.safetensors': safetensorsFile(stateDict),
  'graph.onnx': opaqueGraph(seededModel(SMALL)),
  broken: { 'kinds.json': CLASSIFIER_JSON.replace('0.5x', '1.0x'), 'kinds.safetensors': safetensorsFile(stateDict) }
})

t.test('from random weights: by default, by a short name, by a config', async t => {
  t.match(await base({}), { config: { name: 'mine', labels: LABELS, backbone: { name: 'shufflenetv2', width: '0.5x' }, input: { width: 96 } }, isFromScratch: true })
  const named = await base({ model: 'mobilenetv1-0.25', size: 64, initialization: 'normal' })
  t.match(named, { config: { backbone: { width: 0.25 }, input: { width: 64, height: 64 } }, origin: 'random weights of mobilenetv1-0.25' })
  t.ok(Math.abs(deviationOf(valuesOf(named.initial, 'blocks.4.1.conv_pw.weight')) - 0.01) < 0.001)
  t.match(await base({ model: `${folder}/kinds.json` }), { config: { name: 'mine', labels: LABELS, input: { width: 64 } }, isFromScratch: true })
  t.match(await base({ model: 'kinds', modelsDir: folder }), { config: { input: { width: 64 } }, isFromScratch: true })
})

t.test('from a trained classifier: known classes keep their rows', async t => {
  for (const options of [{ from: `${folder}/kinds.json` }, { from: 'kinds', modelsDir: folder },
    { model: `${folder}/kinds.json`, weights: `${folder}/kinds.safetensors` }]) {
    const { initial, origin, isFromScratch, config } = await base({ ...options, size: 96 })
    t.same([origin, isFromScratch, config.input.width, config.labels], ['kinds', false, 96, LABELS])
    t.same(valuesOf(initial, 'fc.weight').slice(0, 1024), valuesOf(stateDict, 'fc.weight').slice(1024, 2048))
    t.equal(initial.parameters.get('fc.bias')!.shape[0], 2)
  }
})

t.test('what can\'t be trained', async t => {
  await t.rejects(base({ from: 'a', model: 'b' }), { name: 'UsageError', message: /^--from: not with --model/ })
  await t.rejects(base({ weights: 'x.pth' }), { name: 'UsageError', message: '--weights: give the config of the checkpoint with --model' })
  await t.rejects(base({ from: 'nanodet-m-416' }), { name: 'UsageError', message: 'nanodet-m-416 is a detector: --task detect trains it' })
  await t.rejects(base({ model: 'nanodet-m' }), { name: 'UsageError', message: /nanodet-m is a detector/ })
  await t.rejects(base({ from: `${folder}/graph.onnx` }), { name: 'UsageError', message: /is a detector|runs as it is/ })
  await t.rejects(base({ model: 'resnet' }), { name: 'UsageError', message: /^--model: unknown model resnet.*; short names of classifiers: ghostnet-FACTOR, / })
  await t.rejects(base({ model: `${folder}/none.json` }), { name: 'CommandError', message: /none\.json: no such/ })
  await t.rejects(base({ size: 100 }), { name: 'UsageError', message: '--size: expected a multiple of 32, found 100' })
  await t.rejects(base({ from: `${folder}/broken/kinds.json` }), { name: 'CommandError' })
})
