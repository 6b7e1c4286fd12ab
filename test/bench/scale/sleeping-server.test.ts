import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startServer } from '../../../cli/load/server-process.ts'

const MAIN = fileURLToPath(new URL('../../../bench/scale/sleeping-server.js', import.meta.url))

t.test('the server as it is, with workers that sleep', async t => {
  const server = await startServer({ WORKERS: '3', SLEEP_MS: '60' }, MAIN)
  t.teardown(() => server.end())
  t.equal(server.workers, 3)
  const body = Buffer.from([0xff, 0xd8, 0xff, 0xe0])
  const start = performance.now()
  const response = await fetch(`${server.base}/detect`, { method: 'POST', body })
  t.match(await response.json(), { model: 'nanodet-m-416', detections: [{ label: 'person' }, {}, {}], timing: { inference_ms: 60 } })
  t.ok(performance.now() - start >= 59)
  t.equal((await fetch(`${server.base}/detect`, { method: 'POST', body: 'text' })).status, 415)
})
