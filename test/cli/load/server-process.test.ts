import t from 'tap'
import { startServer } from '../../../cli/load/server-process.ts'

t.test('a server on a free port, ready', async t => {
  const server = await startServer({ WORKERS: '1' })
  t.teardown(() => server.end())
  t.match(server, { base: /^http:\/\/127\.0\.0\.1:\d+$/, workers: 1, threads: 1, pid: Number, startMs: Number })
  t.equal((await fetch(`${server.base}/health/ready`)).status, 200)
  server.kill('SIGTERM')
  t.equal(await server.exited, 0)
})

t.test('one that does not start gives the reason', async t => {
  await t.rejects(startServer({ PRELOAD: 'yolo' }), { name: 'CommandError', message: /^The server did not start: .*yolo/ })
  await t.rejects(startServer({ WORKERS: 'none' }), { name: 'CommandError', message: /^The server did not start: WORKERS: / })
})
