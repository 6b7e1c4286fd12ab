import { readdirSync, readlinkSync } from 'node:fs'
import t from 'tap'
import { servedModel } from '../../../cli/load/served-model.ts'
import { ModelsDir } from '../../../models/files/models-dir.ts'
import { REGISTRY } from '../../../models/registry.ts'
import { ownModels } from '../../support/own-models.ts'

/** The description of an ONNX graph. */
const OPAQUE_JSON = JSON.stringify({ task: 'detect', graph: 'opaque', input: { width: 96, height: 64 }, labels: ['cat'] })

t.beforeEach(() => { delete process.env['PRECISION'] })

t.test('a built-in model, in the precision of the options or the environment', async t => {
  const env = { DEFAULT_MODEL: 'nanodet-m-416', PRELOAD: 'nanodet-m-416' }
  t.same((await servedModel({})).env, { ...env, PRECISION: 'fp32' })
  t.same((await servedModel({ precision: 'int8' })).env, { ...env, PRECISION: 'int8' })
  process.env['PRECISION'] = 'int8'
  t.same((await servedModel({})).env, { ...env, PRECISION: 'int8' })
  process.env['PRECISION'] = 'fp16'
  await t.rejects(servedModel({}), { name: 'CommandError', message: 'PRECISION: expected fp32 or int8, found fp16' })
})

t.test('a model in a folder is served from there', async t => {
  const { folder } = ownModels(t, { 'half-0.5x.onnx': 'graph', 'half-0.5x.json': OPAQUE_JSON })
  t.match(await servedModel({ model: 'half-0.5x', modelsDir: folder }), { env: { MODELS_DIR: folder } })
  const { artifact, env } = await servedModel({ model: 'small', modelsDir: folder })
  t.match({ artifact, env }, { artifact: { name: 'small' }, env: { DEFAULT_MODEL: 'small', PRELOAD: 'small', MODELS_DIR: folder } })
})

t.test('a model by path is served from a folder of links', async t => {
  const { folder } = ownModels(t, { 'small.calibration.json': '{}' })
  const { env: { MODELS_DIR: links } } = await servedModel({ model: `${folder}/small.yml`, precision: 'int8' })
  t.same(readdirSync(links!).sort(), ['small.calibration.json', 'small.ckpt', 'small.yml'])
  t.equal(readlinkSync(`${links}/small.ckpt`), `${folder}/small.ckpt`)
  t.match(await new ModelsDir(links!, 'int8').find('small'), { config: { labels: ['cat', 'dog', 'cow'] }, calibration: String })
  const { env: { MODELS_DIR: graph } } = await servedModel({ model: `${folder}/graph.onnx` })
  t.same(readdirSync(graph!), ['graph.onnx'])
})

t.test('a checkpoint of a model of the registry gets a description', async t => {
  const { folder } = ownModels(t)
  const { env } = await servedModel({ model: 'nanodet-g', weights: `${folder}/small.ckpt` })
  const { weights, published, ...config } = REGISTRY.get('nanodet-g')!
  t.match(await new ModelsDir(env['MODELS_DIR']!).find('nanodet-g'), { kind: 'detector', config })
})

t.test('a classifier is refused', async t => {
  const { folder } = ownModels(t)
  await t.rejects(servedModel({ model: `${folder}/kinds.json` }), { message: '--model: expected a detector; kinds is a classifier' })
})
