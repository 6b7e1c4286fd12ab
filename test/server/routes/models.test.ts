import t from 'tap'
import { summarize } from '../../../models/summary.ts'
import { MODEL, startApp } from '../../support/server.ts'

t.test('models', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const { models } = (await app.inject('/models')).json()
  t.match(models, [{
    name: 'nanodet-m-416',
    state: 'unloaded',
    default: true,
    input: { width: 416, height: 416 },
    strides: [8, 16, 32],
    parameters: 950_036,
    published: { ap: 0.235 },
    weights: { package: '@vladmandic/human@1.2.1', license: 'MIT', trained_by: /NanoDet/ }
  }])
  t.same((await app.inject('/models/nanodet-m-416')).json(), models[0])
  t.match((await app.inject('/models/yolo')).json(), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
})

t.test('models are unloaded and loaded by those who may', async t => {
  const { app, store } = await startApp(t, { ADMIN_KEYS: 'root' })
  const post = async (path: string, headers: Record<string, string> = { 'x-api-key': 'root' }) =>
    (await app.inject({ method: 'POST', url: `/models/${path}`, headers })).json()
  t.match(await post('nanodet-m-416/unload', {}), { code: 'UNAUTHORIZED' })
  t.match(await post('nanodet-m-416/unload'), { name: 'nanodet-m-416', state: 'unloaded', labels: ['person'] })
  t.match(await post('nanodet-m-416/load'), { name: 'nanodet-m-416', state: 'ready' })
  t.match(await post('yolo/load'), { code: 'MODEL_NOT_FOUND' })
  t.match(await post('yolo/unload'), { code: 'MODEL_NOT_FOUND' })
  t.ok(store.ready)
})

t.test('what layers cost, as npm run summary tells it', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const reply = await app.inject('/models/nanodet-m-416/summary')
  t.equal(reply.statusCode, 200)
  t.same(reply.json(), JSON.parse(JSON.stringify(summarize(MODEL, false))))
  t.match(reply.json(), { model: 'nanodet-m-416', totals: { parameters: 950_036, macs: 578_357_208 } })
  t.same((await app.inject('/models/nanodet-m-416/summary')).json(), reply.json(), 'a second time, from memory')
  t.match((await app.inject('/models/yolo/summary')).json(), { statusCode: 404, code: 'MODEL_NOT_FOUND' })
  t.match((await app.inject('/openapi.json')).json().paths, { '/models/{name}/summary': { get: { responses: { 200: {} } } } })
})
