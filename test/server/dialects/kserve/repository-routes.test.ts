import t from 'tap'
import { CLASSIFIER_JSON } from '../../../support/model-files.ts'
import { startApp } from '../../../support/server.ts'

t.test('models are listed to all, and loaded and unloaded by those who may', async t => {
  const { app } = await startApp(t, { ADMIN_KEYS: 'root', MODELS_DIR: t.testdir({ 'bad.json': CLASSIFIER_JSON, 'bad.safetensors': 'not weights, but long enough' }) })
  const post = async (path: string, payload = '', headers: Record<string, string> = { 'x-api-key': 'root' }) => {
    const response = await app.inject({ method: 'POST', url: `/v2/repository/${path}`, payload, headers })
    return { status: response.statusCode, body: response.json() }
  }
  const index = async (body?: string) => (await post('index', body, {})).body.map(({ name, state }: { name: string, state: string }) => `${name} ${state}`)
  const [ready, unloaded] = ['READY', 'UNAVAILABLE'].map(state => [`nanodet-m-416 ${state}`, `nanodet-m-416.raw ${state}`])
  t.same(await index(), [...ready!, 'bad UNAVAILABLE', 'bad.raw UNAVAILABLE'])
  t.same(await post('models/nanodet-m-416/unload'), { status: 200, body: {} })
  t.same((await index()).slice(0, 2), unloaded)
  t.same(await index('{"ready": true}'), [])
  t.same(await post('models/nanodet-m-416.raw/load', '{}'), { status: 200, body: {} }, 'the network is loaded with its model')
  t.same(await index('{"ready": true}'), ready)
  t.same(await post('models/nanodet-m-416/unload', '{"parameters": {"unload_dependents": false}}'), { status: 200, body: {} })

  t.match(await post('models/nanodet-m-416/load', '', {}), { status: 401, body: { error: /^Send a key/ } })
  t.match(await post('models/yolo/load'), { status: 404, body: { error: /^Unknown model yolo/ } })
  t.match(await post('models/yolo/unload'), { status: 404, body: { error: /^Unknown model yolo/ } })
  t.match(await post('models/bad/load'), { status: 400, body: { error: /^The model bad can't be loaded/ } })
  t.match(await post('models/nanodet-m-416/load', '{"parameters": {"config": "{}"}}'), { status: 400, body: { error: /^parameters: / } })
  t.match(await post('index', '{"ready": "yes"}'), { status: 400, body: { error: 'ready: expected true or false' } })
  t.match(await post('index', '[]'), { status: 400, body: { error: /not an object/ } })
})

t.test('without admin keys nobody may', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const response = await app.inject({ method: 'POST', url: '/v2/repository/models/nanodet-m-416/unload' })
  t.equal(response.statusCode, 403)
  t.match(response.json(), { error: /admin key/ })
})
