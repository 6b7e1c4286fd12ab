import pino from 'pino'
import t from 'tap'
import { buildApp } from '../../api/app.ts'
import { createEngine } from '../../api/engine.ts'
import { STREET, STREET_LABELS } from '../support/street.ts'

t.test('the HTTP API as a Fastify app that takes routes', async t => {
  const engine = await createEngine({ threads: 1 })
  t.teardown(() => engine.close())
  const lines: string[] = []
  const logger = pino({ level: 'info' }, { write: (line: string) => { lines.push(line) } })
  const app = await buildApp({ engine, settings: { API_KEYS: 'k' }, logger })
  app.get('/mine', async () => ({ hello: true }))
  const post = (key: string) => app.inject({ method: 'POST', url: '/detect', headers: { 'x-api-key': key }, payload: STREET })
  t.equal((await post('wrong')).statusCode, 401)
  const reply = await post('k')
  t.same(reply.json().detections.map(({ label }: { label: string }) => label), STREET_LABELS)
  t.same((await app.inject({ url: '/mine', headers: { 'x-api-key': 'k' } })).json(), { hello: true })
  t.ok(lines.length > 0)
  await app.close()
  t.equal((await engine.detect(STREET)).detections.length, 3, 'the engine stays open')

  const open = await buildApp({ engine })
  t.equal((await open.inject('/health/ready')).statusCode, 200)
  await open.close()
  await t.rejects(buildApp({ engine, settings: { RATE_LIMIT: 'often' } }), { code: 'INVALID_PARAMETER', message: /^settings: RATE_LIMIT/ })
})
