import Fastify from 'fastify'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { readConfig } from '../../../server/config.ts'
import { errors } from '../../../server/plugins/errors.ts'
import { checkHost } from '../../../server/plugins/host.ts'
import { rawRequest } from '../../support/raw-request.ts'

async function start (t: Test, env: Record<string, string> = {}) {
  const app = Fastify()
  await app.register(errors)
  checkHost(app, readConfig(env))
  app.get('/', async () => ({}))
  t.teardown(() => app.close())
  return async (headers: Record<string, string>) => (await app.inject({ url: '/', headers })).statusCode
}

t.test('on this machine alone and without keys, foreign names and pages are refused', async t => {
  const ask = await start(t)
  for (const host of ['localhost:8080', '127.0.0.1', '[::1]:8080', 'LocalHost']) t.equal(await ask({ host }), 200, host)
  for (const host of ['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '[::2]:80', '192.168.0.5']) t.equal(await ask({ host }), 403, host)
  t.equal(await ask({ host: 'localhost', origin: 'http://localhost:3000' }), 200)
  for (const origin of ['https://evil.example', 'null', 'no origin', 'http://localhost.evil.example']) t.equal(await ask({ host: 'localhost', origin }), 403, origin)
})

t.test('names and origins that are allowed', async t => {
  t.equal(await (await start(t, { ALLOWED_HOSTS: 'Nvr.lan' }))({ host: 'NVR.lan:8080' }), 200)
  t.equal(await (await start(t, { ALLOWED_HOSTS: '*' }))({ host: 'evil.example', origin: 'https://evil.example' }), 200)
  const cors = await start(t, { CORS_ORIGIN: 'https://cameras.example' })
  t.equal(await cors({ host: 'localhost', origin: 'https://cameras.example' }), 200)
  t.equal(await cors({ host: 'localhost', origin: 'https://other.example' }), 403)
  t.equal(await (await start(t, { CORS_ORIGIN: '*' }))({ host: 'localhost', origin: 'https://other.example' }), 200)
})

t.test('where keys are asked for, or others can reach the server, names say nothing', async t => {
  t.equal(await (await start(t, { API_KEYS: 'k' }))({ host: 'evil.example' }), 200)
  t.equal(await (await start(t, { HOST: '0.0.0.0' }))({ host: 'evil.example' }), 200)
})

t.test('a request names its host once; HTTP/1.0 need not', async t => {
  const app = Fastify({ http: { requireHostHeader: false } })
  await app.register(errors)
  checkHost(app, readConfig({ HOST: '0.0.0.0' }))
  app.get('/', async () => ({}))
  await app.listen({ port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const ask = async (version: string, headers: string) => await rawRequest(port, `GET / HTTP/${version}\r\n${headers}\r\n`)
  t.equal((await ask('1.1', 'host: a\r\n')).status, 200)
  t.equal((await ask('1.0', '')).status, 200)
  for (const headers of ['', 'host: a\r\nHost: b\r\n']) {
    const refused = await ask('1.1', headers)
    t.match(JSON.parse(String(refused.body)), { statusCode: 400, code: 'MALFORMED_REQUEST', message: /Host/ })
  }
})
