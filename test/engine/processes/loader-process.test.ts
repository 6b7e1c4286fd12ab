import t, { type Test } from 'tap'
import { totalBytes } from '../../../engine/chunks.ts'
import { LoaderProcess } from '../../../engine/processes/loader-process.ts'
import { ARTIFACT } from '../../support/built-in.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { graphOf } from '../../support/onnx-files.ts'
import { BUILT_IN, until } from '../../support/versions.ts'

function start (t: Test): LoaderProcess {
  const loader = new LoaderProcess()
  t.teardown(() => loader.close())
  return loader
}

t.test('notes come with the description', async t => {
  const directory = t.testdir({ 'graph.onnx': Buffer.from(graphOf([[1, 2100, 35]])) })
  const { notes, labels } = await start(t).describe({ directory, name: 'graph', precision: 'fp32' })
  t.match(notes, [/3 classes/, /reg_max 7/, /letterbox/, /probabilities/])
  t.equal(labels.length, 3)
})

t.test('reads a model, and prepares it for its tasks', async t => {
  const { info, parts } = await start(t).read(BUILT_IN)
  t.match(info, { name: 'nanodet-m-416', tasks: ['detect', 'features', 'explain', 'profile', 'infer'], precision: 'fp32', parameters: 950_036, labels: { length: 80 } })
  t.equal(info.layers.length, 162)
  t.same([...parts.keys()], ['detect', 'profile', 'features', 'explain', 'infer'])
  t.equal(parts.get('infer'), parts.get('features'), 'what both need exists once')
  t.equal(parts.get('profile'), parts.get('detect'))
  t.ok(parts.get('detect')!.reduce((sum, { length }) => sum + length, 0) > 4e6)
})

t.test('it knows what onnxruntime offers, and compiles for the execution providers that it is given', async t => {
  const loader = new LoaderProcess({ providers: ['cuda', 'cpu'], maxBatch: 8 })
  t.teardown(() => loader.close())
  t.ok((await loader.providers()).includes('cpu'))
  const sizeOf = async (loader: LoaderProcess) => totalBytes((await loader.read(BUILT_IN)).parts.get('detect')!)
  t.ok(await sizeOf(loader) > 1.8 * await sizeOf(start(t)), 'two networks instead of one')
})

t.test('int8 is offered with a usable calibration table only', async t => {
  const loader = start(t)
  t.same((await loader.read(BUILT_IN)).info.precisions, ['fp32', 'int8'])
  const calibration = `${t.testdir({ 'a.json': '[]' })}/a.json`
  const origin = { artifact: { ...ARTIFACT, calibration } }
  t.same((await loader.describe(origin)).precisions, ['fp32', 'int8'], 'files are not read')
  t.same((await loader.read(origin)).info.precisions, ['fp32'])
})

t.test('lists and describes the models of a folder, and the problem of each that fails', async t => {
  const directory = t.testdir({ 'kinds.json': CLASSIFIER_JSON, 'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict), 'bad.yml': 'a: 1', 'bad.pth': '', 'notes.txt': '' })
  const loader = start(t)
  const origins = await loader.list({ builtIn: true, directory, precision: 'fp32' })
  t.same(Object.keys(origins), ['nanodet-m-416', 'bad', 'kinds'])
  t.same(loader.ignored, [{ file: 'notes.txt', reason: 'is not a model file' }])
  t.match(await loader.describe(origins['kinds']!), { task: 'classify', tasks: ['classify'] })
  t.same((await loader.read(origins['kinds']!)).info.layers, [])
  await t.rejects(loader.describe(origins['bad']!), { name: 'WorkerError', ended: false, message: /bad: model is missing/ })
  await t.rejects(loader.list({ builtIn: true, directory: '/nowhere', precision: 'fp32' }), { message: '/nowhere: no such file or directory' })
  t.equal(await loader.summarize(origins['kinds']!), undefined)
  t.equal((await loader.summarize(BUILT_IN))!.totals.parameters, 950_036)
})

t.test('a loader that is killed fails its call, and the next call starts another', async t => {
  const loader = start(t)
  const reading = loader.read(BUILT_IN)
  await until(() => loader.pid !== undefined)
  process.kill(loader.pid!, 'SIGKILL')
  await t.rejects(reading, { name: 'WorkerError', ended: true })
  t.equal((await loader.describe(BUILT_IN)).name, 'nanodet-m-416')
})

t.test('it ends after a while without calls', async t => {
  const loader = start(t)
  await loader.describe(BUILT_IN)
  t.ok(loader.pid !== undefined)
  t.ok(await until(() => loader.pid === undefined) > 1000)
})

t.test('a call that comes while an idle process ends is answered by another', async t => {
  const loader = start(t)
  for (let i = 0; i < 3; i++) {
    await loader.describe(BUILT_IN)
    await new Promise(resolve => setImmediate(resolve))
    loader.rest()
    t.equal(loader.pid, undefined)
  }
  t.equal((await loader.describe(BUILT_IN)).name, 'nanodet-m-416')
})

t.test('after it is closed, it does not start again', async t => {
  const loader = start(t)
  await loader.close()
  await t.rejects(loader.describe(BUILT_IN), { name: 'WorkerError', ended: true })
  t.equal(loader.pid, undefined)
})
