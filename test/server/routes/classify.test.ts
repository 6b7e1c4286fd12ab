import t, { type Test } from 'tap'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { photo } from '../../support/files.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER, torchFile } from '../../support/model-files.ts'
import { startApp } from '../../support/server.ts'

const headers = { 'content-type': 'image/jpeg' }

async function serve (t: Test) {
  const checkpoint = seededClassifier(SMALL_CLASSIFIER).stateDict
  const graph = Buffer.from(exportRaw(SMALL, weightsOf(seededModel(SMALL).stateDict)))
  const folder = t.testdir({
    'kinds.json': CLASSIFIER_JSON,
    'kinds.safetensors': safetensorsFile(checkpoint),
    'more-kinds.json': CLASSIFIER_JSON,
    'more-kinds.pth': torchFile(checkpoint),
    'graph.onnx': graph
  })
  const { app, log, engine } = await startApp(t, { MODELS_DIR: folder })
  const post = async (url: string) => (await app.inject({ method: 'POST', url, headers, payload: photo('sample-me.jpg') })).json()
  return { app, log, engine, post }
}

t.test('classify', async t => {
  const { app, log, engine, post } = await serve(t)

  await t.test('says what an image is of, by the first classifier', async t => {
    const { timing, ...reply } = await post('/classify')
    t.match(reply, { model: 'kinds', image: { width: 700, height: 700 } })
    t.same(reply.classes.map(({ label }: { label: string }) => label).sort(), ['cat', 'cow', 'dog'])
    for (const { score, label, class_id: classId } of reply.classes) {
      t.equal(score, Number(score.toFixed(4)), 'rounded')
      t.equal(label, SMALL_CLASSIFIER.labels[classId])
    }
    t.ok(reply.classes.every(({ score }: { score: number }, i: number) => i === 0 || score <= reply.classes[i - 1].score))
    t.same(Object.keys(timing), ['decode_ms', 'preprocess_ms', 'inference_ms', 'postprocess_ms', 'total_ms'])
    t.match(log.findLast(({ msg }) => msg === 'request'), { model: 'kinds', best: reply.classes[0].label })
  })

  await t.test('the best alone, by a classifier that is named', async t => {
    const [best] = (await post('/classify')).classes
    t.match(await post('/classify?top_k=1&model=more-kinds'), { model: 'more-kinds', classes: [best] })
    t.equal((await post('/classify?top_k=1')).classes.length, 1)
    t.match(await post('/classify?top_k=0'), { statusCode: 400, code: 'INVALID_PARAMETER' })
  })

  await t.test('what a model can\'t do is told', async t => {
    t.match(await post('/classify?model=nanodet-m-416'),
      { statusCode: 400, code: 'WRONG_TASK', message: 'The model nanodet-m-416 does not support classify; it supports detect, features, explain, profile, infer' })
    t.match(await post('/classify?model=graph'), { code: 'WRONG_TASK' })
    const doesNot = (task: string) => ({ statusCode: 400, code: 'WRONG_TASK', message: `The model kinds does not support ${task}; it supports classify` })
    t.match(await post('/detect?model=kinds'), doesNot('detect'))
    t.match(await post('/features?model=kinds'), doesNot('features'))
    t.match((await app.inject('/models/kinds/layers')).json(), doesNot('features'))
    t.match((await app.inject('/models/kinds/summary')).json(), { statusCode: 400, code: 'WRONG_TASK' })
    t.match(await post('/classify?model=yolo'), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
  })

  await t.test('one that was unloaded is still the first', async t => {
    await engine.unload('kinds')
    t.match(await post('/classify'), { model: 'kinds', classes: { length: 3 } })
  })

  await t.test('it is listed as what it is', async t => {
    const { models } = (await app.inject('/models')).json()
    t.match(models.find(({ name }: { name: string }) => name === 'kinds'),
      { task: 'classify', tasks: ['classify'], state: 'ready', default: false, backbone: 'shufflenetv2 0.5x', input: SMALL_CLASSIFIER.input, labels: SMALL_CLASSIFIER.labels })
  })
})

t.test('where there is no classifier, that is said', async t => {
  const { app } = await startApp(t)
  const reply = await app.inject({ method: 'POST', url: '/classify', headers, payload: photo('sample-me.jpg') })
  t.match(reply.json(), { statusCode: 404, code: 'MODEL_NOT_FOUND', message: /^No model supports classify/ })
})
