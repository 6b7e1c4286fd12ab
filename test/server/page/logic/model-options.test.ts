import t from 'tap'
import type { Model } from '../../../../client/types.ts'
import { modelOptions } from '../../../../server/page/logic/model-options.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../../../support/model-files.ts'
import { startApp } from '../../../support/server.ts'

t.test('detectors can be chosen; of others, the reason is known', async t => {
  const files = { 'kinds.json': CLASSIFIER_JSON, 'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict), 'short.json': '{"model":{}}' }
  const { app, engine } = await startApp(t, { MODELS_DIR: t.testdir(files) })
  const options = async () => modelOptions((await app.inject('/models')).json().models)
  const [first, ...others] = await options()
  t.same(first, { name: 'nanodet-m-416', text: 'nanodet-m-416 (fp32)', reason: undefined })
  t.match(others, [
    { name: 'kinds', text: 'kinds (fp32, a classifier: it finds no boxes)', reason: 'a classifier: it finds no boxes' },
    { name: 'short', text: /^short \(fp32, can't be loaded: short: it has no checkpoint/, reason: /^can't be loaded: short/ }
  ])
  await engine.unload('nanodet-m-416')
  t.match(await options(), [{ text: 'nanodet-m-416 (fp32, loads when used)', reason: undefined }])
})

t.test('states of models that have not been read', async t => {
  const model: Model = { name: 'm', state: 'loading', default: false, precision: 'int8', precisions: ['int8'] }
  t.same(modelOptions([model, { ...model, state: 'ready', tasks: ['infer'] }]), [
    { name: 'm', text: 'm (int8, loading)', reason: undefined }, { name: 'm', text: 'm (int8, not a detector)', reason: 'not a detector' }
  ])
  t.match(modelOptions([{ ...model, state: 'failed' }, { ...model, state: 'failed', problem: 'x'.repeat(200) }]), [
    { text: "m (int8, can't be loaded: unknown problem)" }, { text: /x…\)$/, reason: /x{200}$/ }
  ])
})
