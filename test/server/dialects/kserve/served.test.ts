import t from 'tap'
import { allServed, findServed, modelOf } from '../../../../server/dialects/kserve/served.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../../../support/model-files.ts'
import { startApp } from '../../../support/server.ts'

t.test('models by the names of the protocol', async t => {
  const weights = safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
  const files = ['kinds', 'kinds.raw'].flatMap(name => [[`${name}.json`, CLASSIFIER_JSON], [`${name}.safetensors`, weights]])
  const { engine } = await startApp(t, { MODELS_DIR: t.testdir(Object.fromEntries(files)) }, { load: false })
  t.throws(() => findServed(engine, 'nanodet-m-416'), { code: 'NOT_READY' })
  await engine.start()
  t.match(findServed(engine, 'nanodet-m-416'), { name: 'nanodet-m-416', isRaw: false })
  const raw = findServed(engine, 'nanodet-m-416.raw', '1')
  t.same([raw.name, raw.deployment.name, raw.isRaw], ['nanodet-m-416.raw', 'nanodet-m-416', true])
  t.throws(() => findServed(engine, 'nanodet-m-416', '2'), { code: 'MODEL_NOT_FOUND', message: 'nanodet-m-416 has no version 2, only 1' })
  for (const name of ['yolo', '.raw', 'yolo.raw', 'nanodet-m-416.raw.raw']) t.throws(() => findServed(engine, name), { name: 'UnknownModelError' })
  t.throws(() => findServed(engine, 'kinds'), { name: 'WrongTaskError' })
  t.equal(modelOf(engine, 'kinds.raw'), 'kinds.raw', 'a model that is called so')
  t.same(allServed(engine).map(({ name }) => name), ['nanodet-m-416', 'nanodet-m-416.raw'], 'classifiers are left out')
})
