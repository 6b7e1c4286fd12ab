import t from 'tap'
import { checkModel } from '../../server/acquire.ts'
import { photo } from '../support/files.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../support/model-files.ts'
import { startApp } from '../support/server.ts'

t.test('until the models are loaded, requests are to try again', async t => {
  const { engine } = await startApp(t, {}, { load: false })
  const check = (name?: string) => () => checkModel(engine, name, 'detect')
  for (const name of [undefined, 'nanodet-m-416', 'yolo']) t.throws(check(name), { code: 'NOT_READY' })
  await engine.start()
  for (const name of [undefined, 'nanodet-m-416']) t.doesNotThrow(check(name))
  t.throws(check('yolo'), { name: 'UnknownModelError' })
  t.throws(() => checkModel(engine, 'nanodet-m-416', 'classify'), { name: 'WrongTaskError' })
})

t.test('a model is looked for before the image is, and acquired after it: what is no image loads nothing', async t => {
  const files = { 'kinds.json': CLASSIFIER_JSON, 'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict) }
  const { app, engine } = await startApp(t, { MODELS_DIR: t.testdir(files) }, { load: false })
  await engine.start(['nanodet-m-416'])
  const post = async (url: string, payload: string | Buffer) =>
    (await app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'image/jpeg' } })).json()
  t.match(await post('/classify?model=yolo', 'no image'), { code: 'MODEL_NOT_FOUND' })
  t.match(await post('/detect?model=kinds', 'no image'), { code: 'WRONG_TASK' })
  t.match(await post('/classify', 'no image'), { code: 'UNSUPPORTED_IMAGE' })
  t.equal(engine.get('kinds').state.name, 'unloaded')
  t.match(await post('/classify', photo('sample-me.jpg')), { model: 'kinds' })
  t.equal(engine.get('kinds').state.name, 'ready')
})
