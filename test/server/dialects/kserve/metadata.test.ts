import t from 'tap'
import { Deployment } from '../../../../engine/models/deployment.ts'
import { modelConfig, modelMetadata, repositoryIndex, serverMetadata } from '../../../../server/dialects/kserve/metadata.ts'
import { startApp } from '../../../support/server.ts'
import { infoOf } from '../../../support/store-parts.ts'

const deployment = new Deployment('small', { builtIn: 'small', precision: 'fp32' })
deployment.described(infoOf('small'))
const SMALL = { name: 'small', deployment, isRaw: false }
const RAW = { name: 'small.raw', deployment, isRaw: true }

t.test('the server', async t => {
  t.match(serverMetadata, { name: 'nanodet-server', version: /^\d+\.\d+\.\d+/ })
  t.ok(serverMetadata.extensions.includes('binary_tensor_data'))
})

t.test('models', async t => {
  t.match(modelMetadata(SMALL), { name: 'small', versions: ['1'], platform: 'onnx_onnxv1', inputs: [{ name: 'image' }], outputs: { length: 4 } })
  t.same(modelMetadata(RAW).inputs, [{ name: 'pixels', datatype: 'UINT8', shape: [1, 64, 96, 3] }])
})

t.test('their configurations, in Triton\'s words', async t => {
  t.match(modelConfig(SMALL), { name: 'small', max_batch_size: 0, input: [{ name: 'image', data_type: 'TYPE_STRING', dims: [1] }] })
  t.same(modelConfig(SMALL).output.map(output => output.data_type), ['TYPE_FP32', 'TYPE_FP32', 'TYPE_INT64', 'TYPE_STRING'])
  t.match(modelConfig(RAW), { input: [{ data_type: 'TYPE_UINT8', dims: [1, 64, 96, 3] }], output: [{ dims: [1, -1, -1] }] })
})

t.test('the repository', async t => {
  const { engine } = await startApp(t, { MODELS_DIR: t.testdir({ 'bad.yml': 'a: 1', 'bad.pth': '' }) })
  t.match(repositoryIndex(engine, false), [
    { name: 'nanodet-m-416', version: '1', state: 'READY', reason: '' }, { name: 'nanodet-m-416.raw', state: 'READY' },
    { name: 'bad', state: 'UNAVAILABLE', reason: /model is missing/ }, { name: 'bad.raw', state: 'UNAVAILABLE' }
  ])
  t.same(repositoryIndex(engine, true).length, 2)
  const unloading = engine.unload('nanodet-m-416')
  await unloading
  t.match(repositoryIndex(engine, false)[0], { name: 'nanodet-m-416', state: 'UNAVAILABLE', reason: 'unloaded' })
  const loading = engine.load('nanodet-m-416')
  await new Promise(resolve => setTimeout(resolve, 5))
  t.match(repositoryIndex(engine, false)[0], { name: 'nanodet-m-416', state: 'LOADING' })
  await loading
})
