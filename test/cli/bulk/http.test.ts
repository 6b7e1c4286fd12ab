import t from 'tap'
import { serveMetrics } from '../../../cli/bulk/http.ts'

t.test('serves metrics and health', async t => {
  let isReady = false
  const metrics = { contentType: 'text/plain; version=0.0.4', text: async () => 'a 1\n' }
  const app = await serveMetrics({ host: '127.0.0.1', port: 0, metrics, isReady: () => isReady })
  t.teardown(() => app.close())
  const get = async (path: string) => await fetch(`${app.listeningOrigin}${path}`)
  const reply = await get('/metrics')
  t.strictSame([await reply.text(), reply.headers.get('content-type')], ['a 1\n', 'text/plain; version=0.0.4'])
  t.equal((await get('/health/live')).status, 200)
  t.equal((await get('/health/ready')).status, 503)
  isReady = true
  t.equal((await get('/health/ready')).status, 200)
  const { port } = new URL(app.listeningOrigin)
  await t.rejects(serveMetrics({ host: '127.0.0.1', port: Number(port), metrics, isReady: () => true }), { name: 'CommandError', message: /EADDRINUSE/ })
})
