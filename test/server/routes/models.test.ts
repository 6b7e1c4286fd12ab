import t from 'tap'
import { buildClassifierOnImage } from '../../../models/classifier.ts'
import { exportRaw } from '../../../models/export.ts'
import { buildOnImage } from '../../../models/network.ts'
import { summarize } from '../../../models/summary.ts'
import { loadWeights } from '../../../models/weights.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import * as op from '../../../nn/ops.ts'
import { photo } from '../../support/files.ts'
import { SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'
import { seededWeights } from '../../support/seeded.ts'
import { MODEL, startApp } from '../../support/server.ts'

t.test('models', async t => {
  const { app, engine } = await startApp(t, {}, { load: false })
  t.same((await app.inject('/models')).json(), { models: [] }, 'until they are found')
  await engine.start()
  await engine.unload('nanodet-m-416')
  const { models } = (await app.inject('/models')).json()
  t.match(models, [{
    name: 'nanodet-m-416',
    state: 'unloaded',
    default: true,
    precision: 'fp32',
    precisions: ['fp32', 'int8'],
    tasks: ['detect', 'features', 'explain', 'profile', 'infer'],
    input: { width: 416, height: 416 },
    strides: [8, 16, 32],
    parameters: 950_036,
    weights: { package: '@vladmandic/human@1.2.1', license: 'MIT', trained_by: /NanoDet/ }
  }])
  t.notOk('provider' in models[0], 'it is not loaded')
  t.notOk('published' in models[0], 'the weights may not be those that the authors report on')
  t.same((await app.inject('/models/nanodet-m-416')).json(), models[0])
  t.match((await app.inject('/models/yolo')).json(), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
})

t.test('models are unloaded and loaded by those who may', async t => {
  const { app, engine } = await startApp(t, { ADMIN_KEYS: 'root' })
  const post = async (path: string, headers: Record<string, string> = { 'x-api-key': 'root' }) =>
    (await app.inject({ method: 'POST', url: `/models/${path}`, headers })).json()
  t.match(await post('nanodet-m-416/unload', {}), { code: 'UNAUTHORIZED' })
  t.match(await post('nanodet-m-416/unload'), { name: 'nanodet-m-416', state: 'unloaded', labels: ['person'] })
  t.match(await post('nanodet-m-416/load'), { name: 'nanodet-m-416', state: 'ready', provider: 'cpu' })
  t.match(await post('yolo/load'), { code: 'MODEL_NOT_FOUND' })
  t.match(await post('yolo/unload'), { code: 'MODEL_NOT_FOUND' })
  t.ok(engine.isReady)
})

t.test('the cost of layers, as the summary command prints it', async t => {
  const { app } = await startApp(t)
  const reply = await app.inject('/models/nanodet-m-416/summary')
  t.equal(reply.statusCode, 200)
  t.same(reply.json(), JSON.parse(JSON.stringify(summarize(MODEL, false))))
  t.match(reply.json(), { model: 'nanodet-m-416', totals: { parameters: 950_036, macs: 578_357_208 } })
  t.same((await app.inject('/models/nanodet-m-416/summary')).json(), reply.json(), 'a second time, from memory')
  t.match((await app.inject('/models/yolo/summary')).json(), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
  t.match((await app.inject('/openapi.json')).json().paths, { '/models/{name}/summary': { get: { responses: { 200: {} } } } })
})

t.test('an ONNX file alone is a model', async t => {
  const onnx = Buffer.from(exportRaw(MODEL, await loadWeights(MODEL)))
  const { app } = await startApp(t, { MODELS_DIR: t.testdir({ 'graph.onnx': onnx }) })
  const post = (url: string) => app.inject({ method: 'POST', url, headers: { 'content-type': 'image/jpeg' }, payload: photo('sample-me.jpg') })
  t.match((await app.inject('/models/graph')).json(), { name: 'graph', state: 'ready', task: 'detect', resize_mode: 'letterbox', strides: [8, 16, 32], notes: [/80 classes, with COCO's labels/, /reg_max 7/, /strides 8, 16, 32/, /normalized/] })

  const { detections: ours } = (await post('/detect')).json()
  const { model, detections: found } = (await post('/detect?model=graph')).json()
  t.equal(model, 'graph')
  t.equal(found.length, 2)
  for (const [i, { box, score, ...rest }] of found.entries()) {
    t.match(ours[i], rest)
    t.ok(Math.abs(score - ours[i].score) < 0.001 && Object.keys(box).every(side => Math.abs(box[side] - ours[i].box[side]) < 0.1))
  }

  const { layers } = (await app.inject('/models/graph/layers')).json()
  t.match(layers.find(({ name }: { name: string }) => name === 'backbone.stage3.7'), { shape: [1, 232, 26, 26], stride: 16 })
  const features = (await post('/features?model=graph&layers=backbone.stage3.7&format=json')).json()
  const same = (await post('/features?layers=backbone.stage3.7&format=json')).json()
  t.match(features.layers[0], { name: 'backbone.stage3.7', shape: [1, 232, 26, 26] })
  t.ok(Math.abs(features.layers[0].statistics.mean - same.layers[0].statistics.mean) < 1e-4)
  t.match((await post('/features?model=graph&layers=backbone.stage9')).json(), { code: 'UNKNOWN_LAYER' })
  t.match((await app.inject('/models/graph/summary')).json(), { code: 'WRONG_TASK', message: /its graph comes from an ONNX file/ })
})

t.test('a classifier\'s ONNX file alone is a model; a graph that returns logits names the key to set; other files are ignored', async t => {
  const { logits } = buildClassifierOnImage(SMALL_CLASSIFIER, seededWeights)
  const onnx = Buffer.from(toOnnx({ outputs: new Map([['probabilities', op.softmax(logits)]]) }))
  const bare = Buffer.from(toOnnx({ outputs: new Map([['output', buildOnImage(SMALL, seededWeights).predictions]]) }))
  const { app, engine } = await startApp(t, { MODELS_DIR: t.testdir({ 'kinds.onnx': onnx, 'bare.onnx': bare, 'results0.json': '[]' }) })
  t.match((await app.inject('/models/kinds')).json(), { state: 'ready', task: 'classify', tasks: ['classify'], notes: [/a classifier of 3 classes/, /probabilities/, /RGB/] })
  const reply = await app.inject({ method: 'POST', url: '/classify', headers: { 'content-type': 'image/jpeg' }, payload: photo('sample-me.jpg') })
  const { model, classes } = reply.json()
  t.equal(model, 'kinds')
  t.same(classes.map(({ label }: { label: string }) => label).sort(), ['class_0', 'class_1', 'class_2'])
  t.ok(Math.abs(classes.reduce((sum: number, { score }: { score: number }) => sum + score, 0) - 1) < 1e-3)
  t.same(engine.ignoredFiles, [{ file: 'results0.json', reason: 'is not a description of a model' }])
  t.match((await app.inject('/models/bare')).json(), { state: 'failed', problem: /^bare: scores .* set "scores": "logits" in bare\.json/ })
})
