import { writeFile } from 'node:fs/promises'
import t from 'tap'
import { findArtifact, findConfig, findModel, isPath, type Target } from '../../cli/target.ts'
import { REGISTRY } from '../../models/registry.ts'
import { upstreamYaml } from '../support/upstream-yaml.ts'
import { SMALL } from '../support/model-files.ts'
import { ownModels } from '../support/own-models.ts'

const LABELS = ['cat', 'dog', 'cow']

t.test('the built-in model is the default', async t => {
  t.match(await findArtifact({}), { kind: 'detector', name: 'nanodet-m-416', checkpoint: /weights.nanodet-m-416\.safetensors$/ })
  t.match(await findArtifact({}), { precision: 'fp32', calibration: /nanodet-m-416\.calibration\.json$/ })
  t.match(await findArtifact({ precision: 'int8' }), { precision: 'int8', calibration: /nanodet-m-416\.calibration\.json$/ })
  t.match(await findArtifact({ weights: 'own.ckpt' }), { name: 'nanodet-m-416', checkpoint: 'own.ckpt' })
  t.match(await findArtifact({ model: 'nanodet-g', weights: 'own.ckpt' }), { name: 'nanodet-g', checkpoint: 'own.ckpt' })
})

t.test('models by path', async t => {
  t.same(['a/b', 'my.yml', 'my.ONNX', 'nanodet-m-0.5x', 'small'].map(isPath), [true, true, true, false, false])
  const { folder } = ownModels(t, { 'small.calibration.json': '{}' })
  const config = `${folder}/small.yml`
  t.match(await findModel({ model: config }),
    { artifact: { kind: 'detector', name: 'small', checkpoint: `${folder}/small.ckpt`, config: { labels: LABELS } }, configFile: config })
  t.match(await findArtifact({ model: config, weights: `${folder}/kinds.safetensors` }), { checkpoint: `${folder}/kinds.safetensors` })
  t.match(await findArtifact({ model: config, precision: 'int8' }), { calibration: `${folder}/small.calibration.json` })
  t.match(await findArtifact({ model: `${folder}/kinds.json` }), { kind: 'classifier', name: 'kinds' })
  t.match(await findModel({ model: `${folder}/graph.onnx` }), { artifact: { kind: 'opaque', name: 'graph', checkpoint: `${folder}/graph.onnx` } })
  await writeFile(`${folder}/graph.safetensors`, '')
  t.match(await findModel({ model: `${folder}/graph.onnx` }), { artifact: { checkpoint: `${folder}/graph.onnx` }, configFile: undefined })
  await writeFile(`${folder}/graph.json`, '{"task": "detect", "graph": "opaque", "input": {"width": 320, "height": 320}, "labels": "coco"}')
  t.match(await findModel({ model: `${folder}/graph.onnx` }),
    { artifact: { kind: 'opaque', config: { input: { width: 320 } } }, configFile: `${folder}/graph.json` })
})

t.test('the only checkpoint beside a config is its own', async t => {
  const folder = t.testdir({ 'train_cfg.yml': upstreamYaml(SMALL), 'model_best.ckpt': '', two: { 'a.yml': upstreamYaml(SMALL), 'b.ckpt': '', 'c.pth': '' } })
  t.match(await findArtifact({ model: `${folder}/train_cfg.yml` }), { name: 'train_cfg', checkpoint: `${folder}/model_best.ckpt` })
  await t.rejects(findArtifact({ model: `${folder}/two/a.yml` }),
    { name: 'UsageError', message: /a\.yml: has several checkpoints beside it \(b\.ckpt, c\.pth\); choose one with --weights$/ })
})

t.test('models by name, in a folder', async t => {
  const { folder } = ownModels(t)
  t.match(await findArtifact({ model: 'small', modelsDir: folder }), { name: 'small', config: { labels: LABELS } })
  t.match(await findArtifact({ model: 'small', modelsDir: folder, weights: 'own.ckpt' }), { checkpoint: 'own.ckpt' })
  t.match(await findArtifact({ modelsDir: folder }), { name: 'nanodet-m-416' })
  t.teardown(() => { delete process.env['MODELS_DIR'] })
  process.env['MODELS_DIR'] = folder
  t.match(await findArtifact({ model: 'graph' }), { kind: 'opaque' })
})

t.test('a config alone describes a model', async t => {
  const { folder: own } = ownModels(t, { 'alone.yml': upstreamYaml(SMALL) })
  t.match(await findConfig({ model: `${own}/alone.yml` }), { kind: 'detector', config: { name: 'alone', labels: LABELS } })
  t.match(await findConfig({ model: 'nanodet-g' }), { config: REGISTRY.get('nanodet-g') })
  t.match(await findConfig({}), { config: { name: 'nanodet-m-416' } })
  t.match(await findConfig({ model: 'kinds', modelsDir: own }), { kind: 'classifier' })
  t.match(await findConfig({ model: `${own}/graph.onnx` }), { kind: 'opaque' })
})

t.test('what can\'t be used is named', async t => {
  const empty = t.testdir({ own: { 'alone.yml': upstreamYaml(SMALL) } })
  const wrong: [Target, string, string | RegExp][] = [
    [{ model: 'nanodet-m-461' }, 'UsageError', '--model: unknown model nanodet-m-461; did you mean nanodet-m-416? nanodet models list shows all'],
    [{ model: 'yolo' }, 'UsageError', '--model: unknown model yolo; nanodet models list shows all'],
    [{ model: 'nanodet-g' }, 'UsageError', /^nanodet-g has no built-in weights: give a checkpoint with --weights, or fetch/],
    [{ model: 'none.yml' }, 'CommandError', 'none.yml: no such file or directory'],
    [{ model: `${empty}/own` }, 'UsageError', /own is a folder: name a model with --model and the folder with --models-dir$/],
    [{ model: `${empty}/own/alone.yml` }, 'UsageError', /alone\.yml: has no checkpoint beside it; give one with --weights$/],
    [{ precision: 'int8', weights: 'own.ckpt' }, 'UsageError', '--precision int8: own.ckpt has no calibration table; nanodet quantize makes one'],
    [{ precision: 'int8', model: 'nanodet-g', weights: 'g.ckpt' }, 'UsageError', /^--precision int8: g\.ckpt has no calibration table/]
  ]
  for (const [target, name, message] of wrong) await t.rejects(findArtifact(target), { name, message }, JSON.stringify(target))
  await t.rejects(findArtifact({ modelsDir: `${empty}/none` }), { name: 'CommandError', message: /none: no such file or directory/ })
})

t.test('models of the user\'s that can\'t be used are named', async t => {
  const { folder } = ownModels(t, { 'bad.yml': 'a: [', 'bad.ckpt': '' })
  await t.rejects(findArtifact({ model: `${folder}/bad.yml` }), { name: 'CommandError', message: /^bad: / })
  await t.rejects(findArtifact({ model: 'smal', modelsDir: folder }), { name: 'UsageError', message: /did you mean small\?/ })
  await t.rejects(findArtifact({ model: `${folder}/graph.onnx`, precision: 'int8' }), { message: /graph runs in fp32 only/ })
  await t.rejects(findArtifact({ model: `${folder}/small.yml`, precision: 'int8' }), { message: /small has no calibration table/ })
})
