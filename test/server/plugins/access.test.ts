import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { readConfig } from '../../../server/config.ts'
import { access } from '../../../server/plugins/access.ts'
import { errors } from '../../../server/plugins/errors.ts'

async function start (t: Test, env: Record<string, string>) {
  const app = Fastify()
  await app.register(errors)
  await app.register(access, { config: readConfig(env) })
  app.get('/models', async () => ({}))
  app.get('/health/live', async () => ({}))
  app.get('/admin', { config: { admin: true } }, async () => ({}))
  t.teardown(() => app.close())
  return (headers: Record<string, string> = {}, url = '/models') => app.inject({ url, headers })
}

t.test('keys, where there are any', async t => {
  const ask = await start(t, { API_KEYS: 'one, two' })
  t.match((await ask()).json(), { statusCode: 401, code: 'UNAUTHORIZED' })
  t.equal((await ask({ 'x-api-key': 'three' })).statusCode, 401)
  t.equal((await ask({ authorization: 'Basic one' })).statusCode, 401)
  t.equal((await ask({ 'x-api-key': 'two' })).statusCode, 200)
  t.equal((await ask({ authorization: 'Bearer one' })).statusCode, 200)
  t.equal((await ask({}, '/health/live')).statusCode, 200, 'probes carry none')
})

t.test('some routes are for holders of an admin key, who may do everything else, too', async t => {
  const closed = await start(t, { API_KEYS: 'one' })
  t.match((await closed({ 'x-api-key': 'one' }, '/admin')).json(), { statusCode: 403, code: 'FORBIDDEN', message: /ADMIN_KEYS/ })
  const ask = await start(t, { API_KEYS: 'one', ADMIN_KEYS: 'root' })
  t.match((await ask({ 'x-api-key': 'one' }, '/admin')).json(), { statusCode: 403, message: /ADMIN_KEYS/ })
  t.equal((await ask({ 'x-api-key': 'root' }, '/admin')).statusCode, 200)
  t.equal((await ask({ 'x-api-key': 'root' })).statusCode, 200)
  const open = await start(t, { ADMIN_KEYS: 'root' })
  t.equal((await open({}, '/admin')).statusCode, 401)
  t.equal((await open()).statusCode, 200)
})

t.test('without keys, nobody is asked', async t => t.equal((await (await start(t, {}))()).statusCode, 200))

t.test('a rate for every key or address', async t => {
  const ask = await start(t, { RATE_LIMIT: '2', API_KEYS: 'one,two' })
  const statuses = async (headers: Record<string, string>) =>
    [await ask(headers), await ask(headers), await ask(headers)].map(({ statusCode }) => statusCode)
  t.same(await statuses({ 'x-api-key': 'one' }), [200, 200, 429])
  t.same(await statuses({ 'x-api-key': 'two' }), [200, 200, 429])
  const refused = await ask({ 'x-api-key': 'two' })
  t.match(refused.json(), { code: 'RATE_LIMITED', message: /try again in 1 minute/ })
  t.ok(Number(refused.headers['retry-after']) > 0)
  for (let i = 0; i < 5; i++) t.equal((await ask({}, '/health/live')).statusCode, 200)
})

t.test('a key that nobody checks does not buy a new rate', async t => {
  const ask = await start(t, { RATE_LIMIT: '2' })
  const ask3 = [await ask({ 'x-api-key': 'one' }), await ask({ 'x-api-key': 'two' }), await ask({ 'x-api-key': 'three' })]
  t.same(ask3.map(({ statusCode }) => statusCode), [200, 200, 429])
})

t.test('other pages may call only where it is said', async t => {
  const origin = 'https://cameras.example'
  t.notOk((await (await start(t, {}))({ origin })).headers['access-control-allow-origin'])
  t.equal((await (await start(t, { CORS_ORIGIN: origin }))({ origin })).headers['access-control-allow-origin'], origin)
  t.equal((await (await start(t, { CORS_ORIGIN: '*' }))({ origin })).headers['access-control-allow-origin'], '*')
})

t.test('security headers', async t => {
  t.match((await (await start(t, {}))()).headers, { 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN', 'content-security-policy': /default-src 'none'/ })
})

t.test('wrong keys are limited, also where nothing else is; the right ones go on', async t => {
  const ask = await start(t, { API_KEYS: 'one' })
  const wrong = await ask({ 'x-api-key': 'guess' })
  t.equal(wrong.headers['www-authenticate'], 'Bearer realm="nanodet-server"')
  for (let i = 0; i < 40; i++) t.equal((await ask()).statusCode, 401, 'a client without a key guesses none')
  for (let i = 1; i < 30; i++) t.equal((await ask({ 'x-api-key': `guess ${i}` })).statusCode, 401)
  const limited = await ask({ 'x-api-key': 'guess' })
  t.match(limited.headers['retry-after'], /^\d+$/)
  t.match(limited.json(), { statusCode: 429, code: 'RATE_LIMITED', message: /wrong keys: try again in \d+ s/ })
  t.equal((await ask({ 'x-api-key': 'one' })).statusCode, 200)
})

t.test('a page of another origin may read what it needs', async t => {
  const origin = 'https://cameras.example'
  const { headers } = await (await start(t, { CORS_ORIGIN: origin }))({ origin })
  for (const name of ['retry-after', 'x-request-id', 'x-ratelimit-remaining']) t.match(headers['access-control-expose-headers'], new RegExp(name))
})
