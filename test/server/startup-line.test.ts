import Fastify from 'fastify'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { Engine } from '../../engine/engine.ts'
import { openUrl, startupLine } from '../../server/startup-line.ts'
import { VERSION } from '../../server/version.ts'

const ready = (...names: string[]) =>
  ({ models: names.map(name => ({ name, state: { name: 'ready' }, info: { precision: 'fp32' } })) }) as unknown as Pick<Engine, 'models'>

t.test('models with their precision, the first three by name', async t => {
  t.equal(startupLine(ready('a'), { WORKERS: 2 }, 'http://localhost:80'), `nanodet-server ${VERSION}, a (fp32), 2 workers: open http://localhost:80`)
  t.match(startupLine(ready('a', 'b', 'c'), { WORKERS: 1 }, ''), 'a (fp32), b (fp32), c (fp32), 1 worker: open')
  t.match(startupLine(ready('a', 'b', 'c', 'd', 'e'), { WORKERS: 1 }, ''), 'c (fp32), 2 more models, 1 worker')
  t.match(startupLine(ready('a', 'b', 'c', 'd'), { WORKERS: 1 }, ''), 'c (fp32), 1 more model, 1 worker')
})

t.test('the execution provider, if it is not the CPU', async t => {
  const on = (provider: string, precision: string) =>
    ({ models: [{ name: 'a', state: { name: 'ready' }, info: { precision: 'int8' }, running: { provider, precision } }] }) as unknown as Pick<Engine, 'models'>
  t.match(startupLine(on('cpu', 'int8'), { WORKERS: 1 }, ''), 'a (int8), 1 worker')
  t.match(startupLine(on('cuda:1', 'fp32'), { WORKERS: 1 }, ''), 'a (fp32 on cuda:1), 1 worker')
})

t.test('an address for a browser', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.listen({ port: 0 })
  const { port } = app.addresses()[0] as AddressInfo
  for (const host of ['127.0.0.1', '0.0.0.0', '::', 'localhost']) t.equal(openUrl(app, host), `http://localhost:${port}`, host)
  t.equal(openUrl(app, '::1'), `http://[::1]:${port}`)
  t.equal(openUrl(app, '192.0.2.1'), `http://192.0.2.1:${port}`)
})
