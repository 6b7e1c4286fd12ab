import t from 'tap'
import { startApp } from '../../support/server.ts'

t.test('alive at once, ready when the models are', async t => {
  const { app, engine } = await startApp(t, {}, { load: false })
  t.same((await app.inject('/health/live')).json(), { status: 'live' })
  const early = await app.inject('/health/ready')
  t.match(early.json(), { statusCode: 503, code: 'NOT_READY' })
  t.equal(early.headers['retry-after'], '1')
  await engine.start()
  const ready = await app.inject('/health/ready')
  t.equal(ready.statusCode, 200)
  t.same(ready.json(), { status: 'ready' })
})
