import Fastify from 'fastify'
import { once } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { abort, onEnd } from '../../../server/plugins/abort.ts'
import { errors } from '../../../server/plugins/errors.ts'

t.test('the signal is aborted when the client leaves early, and only then', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  await app.register(errors)
  await app.register(abort)
  const ended: Array<[path: string, status: number]> = []
  onEnd(app, ({ request, status }) => ended.push([request.url, status]))
  const signals: AbortSignal[] = []
  app.get('/slow', request => new Promise(resolve => {
    signals.push(request.aborted)
    request.aborted.addEventListener('abort', () => resolve({}))
  }))
  app.get('/fast', async request => { signals.push(request.aborted); return {} })
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  await (await fetch(`http://localhost:${port}/fast`)).text()
  const leaving = get({ port, host: 'localhost', path: '/slow' }).on('error', () => {})
  await once(app.server, 'request')
  await new Promise(resolve => setTimeout(resolve, 20))
  leaving.destroy()
  await once(signals[1]!, 'abort')
  t.same(signals.map(({ aborted }) => aborted), [false, true])
  t.same(ended, [['/fast', 200], ['/slow', 499]], 'each is over once')
})
