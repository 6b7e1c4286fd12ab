import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { ModelsDir } from '../../../models/files/models-dir.ts'
import { readModel } from '../../../models/kinds/kinds.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER, torchFile } from '../../support/model-files.ts'
import { withExternalWeights } from '../../support/onnx-files.ts'
import { upstreamYaml } from '../../support/upstream-yaml.ts'

const NOBODY = 65534
const YAML = upstreamYaml(SMALL)
const model = seededModel(SMALL)
const onnx = Buffer.from(exportRaw(SMALL, weightsOf(model.stateDict)))
const { published, ...config } = SMALL

type Folder = NonNullable<Parameters<Test['testdir']>[0]>
const dirOf = (t: Test, files: Folder): ModelsDir => new ModelsDir(t.testdir(files))

t.test('pairs, folders, lone graphs and files called like published models', async t => {
  const dir = dirOf(t, {
    'pair.yml': YAML,
    'pair.pth': torchFile(model.stateDict),
    'kinds.json': CLASSIFIER_JSON,
    'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict),
    'graph.onnx': onnx,
    'nanodet_m_416.ckpt': '',
    run7: { 'own.yaml': YAML, 'epoch_9.ckpt': torchFile(model.stateDict), 'train.log': 'lines' }
  })
  t.same(await dir.names(), ['graph', 'kinds', 'nanodet_m_416', 'own', 'pair'])
  t.match(await dir.find('pair'), { kind: 'detector', name: 'pair', checkpoint: join(dir.path, 'pair.pth'), config: { ...config, name: 'pair' }, ignored: [] })
  t.match(await dir.find('own'), { kind: 'detector', name: 'own', checkpoint: join(dir.path, 'run7/epoch_9.ckpt') })
  t.match(await dir.find('kinds'), { kind: 'classifier', config: { ...SMALL_CLASSIFIER, name: 'kinds' } })
  t.match(await dir.find('graph'), { kind: 'opaque', config: { name: 'graph', input: SMALL.input }, notes: [/3 classes/] })
  t.match(await dir.find('nanodet_m_416'), { kind: 'detector', config: { name: 'nanodet_m_416', input: { width: 416 } }, notes: [/the architecture of nanodet-m-416/] })
  for (const name of ['pair', 'own', 'kinds', 'graph']) t.equal((await readModel(await dir.find(name))).config.name, name)
  t.same((await dir.list()).ignored, [{ file: 'run7/train.log', reason: 'is not a model file' }])
})

t.test('a description beside a graph describes it', async t => {
  const opaque = JSON.stringify({ task: 'detect', graph: 'opaque', input: SMALL.input, labels: SMALL.labels })
  const dir = dirOf(t, { 'as-graph.json': opaque, 'as-graph.onnx': onnx, 'as-weights.yml': YAML, 'as-weights.onnx': onnx })
  t.match(await dir.find('as-graph'), { kind: 'opaque', config: { labels: SMALL.labels } })
  t.match(await dir.find('as-weights'), { kind: 'detector', config: { labels: SMALL.labels } })
})

t.test('ONNX files may keep their weights beside them, with and without a config', async t => {
  const { onnx: bare, data } = withExternalWeights(onnx, 'weights.data')
  const dir = dirOf(t, { alone: { 'alone.onnx': bare, 'weights.data': data }, described: { 'described.yml': YAML, 'm.onnx': bare, 'weights.data': data } })
  for (const [name, kind] of Object.entries({ alone: 'opaque', described: 'detector' })) {
    t.match(await readModel(await dir.find(name)), { kind, config: { name } })
  }
  t.same((await dir.list()).ignored, [])
})

t.test('a published architecture by its name: in a description, whose keys replace its own, or in the file\'s name', async t => {
  const { labels, input } = SMALL
  const full = seededModel(REGISTRY.get('nanodet-m-0.5x')!)
  const dir = dirOf(t, {
    'mine.json': JSON.stringify({ model: 'nanodet-m-0.5x', labels, input }),
    'mine.ckpt': torchFile(model.stateDict),
    'nanodet_m_0.5x.ckpt': torchFile(full.stateDict),
    'nanodet-m-0.5x.pth': torchFile(model.stateDict)
  })
  t.match(await readModel(await dir.find('mine')), { kind: 'detector', config: { ...config, name: 'mine' } })
  t.match(await readModel(await dir.find('nanodet_m_0.5x')), { config: { name: 'nanodet_m_0.5x', labels: { length: 80 } } })
  await t.rejects(readModel(await dir.find('nanodet-m-0.5x')), { message: /it has 3 classes, the model 80 labels/ })
})

t.test('with a calibration table beside it, a detector of our layers can run in int8', async t => {
  const calibration = JSON.stringify({ 'backbone.conv1': [0, 6] })
  const dir = dirOf(t, { 'a.yml': YAML, 'a.pth': torchFile(model.stateDict), 'a.calibration.json': calibration, 'b.onnx': onnx, 'b.calibration.json': calibration })
  t.same(await dir.names(), ['a', 'b'])
  t.match(await dir.find('a'), { precision: 'fp32', calibration: join(dir.path, 'a.calibration.json') })
  const int8 = new ModelsDir(dir.path, 'int8')
  t.match(await int8.find('a'), { kind: 'detector', precision: 'int8', calibration: join(dir.path, 'a.calibration.json') })
  t.notOk('calibration' in await int8.find('b'), 'graphs of ONNX files run unchanged')
})

t.test('several calibration tables matter only in int8', async t => {
  const dir = dirOf(t, { a: { 'a.yml': YAML, 'a.pth': '', '1.calibration.json': '{}', '2.calibration.json': '{}' } })
  t.strictSame((await dir.find('a')).calibration, undefined)
  await t.rejects(new ModelsDir(dir.path, 'int8').find('a'), { name: 'ModelFileError', message: /more than one calibration table/ })
})

t.test('missing, ambiguous and broken files are named', async t => {
  const dir = dirOf(t, {
    'no-checkpoint.yml': YAML,
    'no-config.pth': torchFile(model.stateDict),
    'two-configs.yml': YAML,
    'two-configs.json': CLASSIFIER_JSON,
    'two-configs.pth': '',
    'two-checkpoints.yml': YAML,
    'two-checkpoints.ckpt': '',
    'two-checkpoints.pth': '',
    'bad-yaml.yml': 'model: [',
    'bad-yaml.pth': '',
    'bad-json.json': '{',
    'bad-json.pth': '',
    'bad-graph.onnx': 'no graph at all',
    'key.yml': YAML.replace('model_size: 0.5x', 'model_size: 3x'),
    'key.pth': '',
    twice: { 'twice.yml': YAML, 'a.pth': '', 'b.ckpt': '' }
  })
  const refused = (name: string, message: string | RegExp) => t.rejects(dir.find(name), { name: 'ModelFileError', message })
  await refused('no-checkpoint', 'no-checkpoint: it has no checkpoint: add no-checkpoint.ckpt, .pth, .pt, .safetensors or .onnx')
  await refused('no-config', /^no-config: no-config\.pth has no config: add NanoDet's as no-config\.yml, or a description as no-config\.json$/)
  await refused('two-configs', 'two-configs: it has more than one config: two-configs.json, two-configs.yml. Keep one, or give each model a folder')
  await refused('two-checkpoints', /it has more than one checkpoint: two-checkpoints\.ckpt, two-checkpoints\.pth/)
  await refused('bad-yaml', /^bad-yaml: the file is not YAML: [^\n]+$/)
  await refused('bad-json', /^bad-json: the file is not valid JSON: [^\n]+$/)
  await refused('bad-graph', 'bad-graph.onnx: not a usable ONNX model: it is damaged or cut short, or of another format')
  await refused('key', 'key: model.arch.backbone.model_size: 3x is not supported; supported: 0.5x, 1.0x, 1.5x, 2.0x')
  await refused('twice', /it has more than one checkpoint: twice\/a\.pth, twice\/b\.ckpt/)
  await refused('absent', /absent: it has no checkpoint/)
})

t.test('training runs: results are no descriptions, and folders name what files don\'t', async t => {
  const run = { 'train_cfg.yml': YAML, 'model_last.ckpt': torchFile(model.stateDict), 'results0.json': '[{"image_id": 1, "bbox": [1, 2, 3, 4]}]' }
  const dir = dirOf(t, { a: run, b: { ...run } })
  t.same(await dir.list(), {
    names: ['a', 'b'],
    ignored: ['a', 'b'].map(name => ({ file: `${name}/results0.json`, reason: 'is not a description of a model' }))
  })
  for (const name of ['a', 'b']) t.match(await readModel(await dir.find(name)), { kind: 'detector', config: { name, labels: SMALL.labels } })
})

t.test('a broken link is named', async t => {
  const dir = dirOf(t, { 'gone.yml': YAML, 'gone.pth': t.fixture('symlink', 'nowhere.pth'), 'link.yml': t.fixture('symlink', 'nowhere.yml'), 'link.pth': '' })
  await t.rejects(dir.find('link'), { name: 'ModelFileError', message: 'link.yml: no such file or directory' })
  await t.rejects(readModel(await dir.find('gone')), { name: 'ModelFileError', message: 'gone.pth: no such file or directory' })
})

t.test('a folder that can\'t be read is named', async t => {
  await t.rejects(new ModelsDir('/nowhere/models').names(), { name: 'ModelFileError', message: '/nowhere/models: no such file or directory' })
  const { path } = dirOf(t, { file: '' })
  await t.rejects(new ModelsDir(join(path, 'file')).names(), { name: 'ModelFileError', message: `${path}/file: is a file, not a directory` })
})

t.test('a subfolder that can\'t be read does not hide the others', async t => {
  const path = await mkdtemp(join(tmpdir(), 'models-'))
  t.teardown(() => rm(path, { recursive: true }))
  await writeFile(join(path, 'graph.onnx'), onnx)
  await mkdir(join(path, 'lost+found'), { mode: 0 })
  await chmod(path, 0o755)
  const isRoot = process.geteuid!() === 0 // root may read everything
  if (isRoot) process.seteuid!(NOBODY)
  t.teardown(() => { if (isRoot) process.seteuid!(0) })
  const dir = new ModelsDir(path)
  t.same(await dir.names(), ['graph', 'lost+found'])
  t.match(await dir.find('graph'), { kind: 'opaque' })
  await t.rejects(dir.find('lost+found'), { name: 'ModelFileError', message: 'lost+found: permission denied' })
})

t.test('pipes and devices among the files don\'t block the others', async t => {
  const dir = dirOf(t, { 'a.pth': '', 'b.yml': YAML, 'b.pth': t.fixture('symlink', '/dev/zero'), 'good.yml': YAML, 'good.pth': torchFile(model.stateDict) })
  for (const name of ['a.json', 'c.onnx']) execFileSync('mkfifo', [join(dir.path, name)])
  await t.rejects(dir.find('a'), { message: 'a.json: is not a regular file' })
  await t.rejects(dir.find('c'), { message: 'c.onnx: is not a regular file' })
  await t.rejects(readModel(await dir.find('b')), { message: 'b.pth: is not a regular file' })
  t.match(await dir.find('good'), { kind: 'detector' })
})

t.test('a config that is far too large is not parsed', async t => {
  const dir = dirOf(t, { 'a.yml': `#${' '.repeat(2 ** 20)}`, 'a.pth': '' })
  await t.rejects(dir.find('a'), { message: 'a.yml: has 1048577 bytes, but at most 1048576 are allowed' })
})
