import t from 'tap'
import { ApiError } from '../../../../server/errors.ts'
import { kserve } from '../../../../server/dialects/kserve/kserve.ts'
import { startApp } from '../../../support/server.ts'

t.test('the server and its health', async t => {
  const { app, engine } = await startApp(t, { API_KEYS: 'secret' }, { load: false })
  const get = async (url: string, headers = {}) => {
    const response = await app.inject({ url, headers })
    return { status: response.statusCode, retryAfter: response.headers['retry-after'], body: response.json() }
  }
  t.match(await get('/v2/health/live'), { status: 200, body: { live: true } }, 'probes carry no key')
  t.match(await get('/v2/health/ready'), { status: 503, retryAfter: /\d/, body: { error: 'The server is still loading its models' } })
  t.match(await get('/v2'), { status: 401, body: { error: /^Send a key/ } })
  const key = { authorization: 'Bearer secret' }
  for (const url of ['/v2', '/v2/']) t.match(await get(url, key), { status: 200, body: { name: 'nanodet-server', extensions: [] } })
  t.match(await get('/v2/models/nanodet-m-416', key), { status: 503, body: { error: /still loading/ } })
  await engine.start()
  t.match(await get('/v2/health/ready'), { status: 200, body: { live: true, ready: true } })
})

t.test('unknown paths and wrong methods', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const unknown = await app.inject('/v2/modells')
  t.match([unknown.statusCode, unknown.json()], [404, { error: /^Unknown path \/v2\/modells/ }])
  const wrong = await app.inject('/v2/models/nanodet-m-416/infer')
  t.match([wrong.statusCode, wrong.headers['allow'], wrong.json()], [405, 'POST', { error: /use POST/ }])
})

t.test('statuses are the protocol\'s', async t => {
  const statuses = [['CORRUPT_IMAGE', 400], ['UNSUPPORTED_IMAGE', 400], ['INVALID_MODEL', 400], ['MODEL_NOT_FOUND', 404], ['OVERLOADED', 503], ['INTERNAL_ERROR', 500]] as const
  for (const [code, status] of statuses) t.same(kserve.toError(new ApiError(code, 'Why')), { status, body: { error: 'Why' } })
})

t.test('it can be switched off', async t => {
  const { app } = await startApp(t, { DIALECTS: 'none' }, { load: false })
  t.equal((await app.inject('/v2/health/live')).statusCode, 404)
})
