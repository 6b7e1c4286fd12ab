import t from 'tap'
import { VERSION } from '../../../server/version.ts'
import { startApp } from '../../support/server.ts'
import { STREET } from '../../support/street.ts'

t.test('version, workers, queue and latency', async t => {
  const { app, engine, log } = await startApp(t, {}, { load: false })
  const status = async () => (await app.inject('/status')).json()
  const post = (url: string) => app.inject({ method: 'POST', url, payload: STREET, headers: { 'content-type': 'image/jpeg' } })
  t.match(await status(), { version: VERSION, ready: false, latency_ms: null })
  await engine.start()
  t.match(await status(), {
    ready: true, model: 'nanodet-m-416', workers: { running: 1, busy: 0 }, queue: { depth: 0, bytes: 0 }, latency_ms: null
  })
  t.ok((await status()).uptime_s > 0)
  await post('/explain')
  const { workers, latency_ms: explained } = await status()
  t.same(workers, { running: 2, busy: 0 }, 'explanations have a worker of their own')
  t.ok(explained > 0)
  const replies = Promise.all([post('/detect'), post('/detect')])
  const deadline = performance.now() + 10_000
  while ((await status()).queue.depth === 0 && performance.now() < deadline) await new Promise(resolve => setImmediate(resolve))
  t.match(await status(), { workers: { busy: 1 }, queue: { depth: 1, bytes: STREET.length } })
  await replies
  const { latency_ms: detected } = await status()
  t.ok(detected > 0)
  t.not(detected, explained)
  t.notOk(log.some(({ path }) => path === '/status'))
})

t.test('needs a key, and has no rate limit', async t => {
  const { app } = await startApp(t, { API_KEYS: 'secret', RATE_LIMIT: '2' }, { load: false })
  t.equal((await app.inject('/status')).statusCode, 401)
  for (let i = 0; i < 5; i++) t.equal((await app.inject({ url: '/status', headers: { 'x-api-key': 'secret' } })).statusCode, 200)
  const headers = { 'x-api-key': 'secret' }
  t.same([await app.inject({ url: '/models', headers }), await app.inject({ url: '/models', headers }), await app.inject({ url: '/models', headers })]
    .map(({ statusCode }) => statusCode), [200, 200, 429])
})
