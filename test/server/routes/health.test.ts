import t from 'tap'
import { VERSION } from '../../../server/version.ts'
import { startApp } from '../../support/server.ts'

t.test('alive at once, ready when the models are', async t => {
  const { app, engine, log } = await startApp(t, {}, { load: false })
  t.same((await app.inject('/health/live')).json(), { status: 'live', version: VERSION })
  const early = await app.inject('/health/ready')
  t.match(early.json(), { statusCode: 503, code: 'NOT_READY' })
  t.equal(early.headers['retry-after'], '1')
  await engine.start()
  const ready = await app.inject('/health/ready')
  t.equal(ready.statusCode, 200)
  t.equal(ready.headers['x-nanodet-version'], VERSION)
  t.same(ready.json(), { status: 'ready', version: VERSION })
  t.same(log.filter(({ msg }) => msg === 'request'), [], 'probes are not logged, even before the server is ready')
})

t.test('not ready while no worker can take jobs', async t => {
  const { app, engine } = await startApp(t)
  const worker = engine.pools.main.workers[0]!
  worker.kill('test')
  while (engine.canWork) await new Promise(resolve => setImmediate(resolve))
  const response = await app.inject('/health/ready')
  t.match(response.json(), { statusCode: 503, code: 'NOT_READY', message: 'No worker is running; a new one is starting' })
  while (!engine.canWork) await new Promise(resolve => setTimeout(resolve, 20))
  t.equal((await app.inject('/health/ready')).statusCode, 200)
})

t.test('not ready while it shuts down', async t => {
  const { app } = await startApp(t, {}, { load: false })
  app.closing = true
  t.match((await app.inject('/health/ready')).json(), { code: 'NOT_READY', message: 'The server is shutting down' })
})
