import Fastify, { type FastifyRequest } from 'fastify'
import { once } from 'node:events'
import { get } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
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

t.test('it is aborted for requests that wait behind others on the connection, too', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  for (const plugin of [errors, abort]) await app.register(plugin)
  const ended: number[] = []
  onEnd(app, ({ status }) => ended.push(status))
  const waiting: FastifyRequest[] = []
  app.get('/', request => new Promise(resolve => {
    waiting.push(request)
    request.aborted.addEventListener('abort', () => resolve({}))
  }))
  await app.listen({ port: 0 })
  const requests = 12
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'.repeat(requests))
  while (waiting.length < requests) await new Promise(resolve => setTimeout(resolve, 10))
  socket.destroy()
  while (ended.length < requests) await new Promise(resolve => setTimeout(resolve, 10))
  t.same(ended, Array(requests).fill(499))
})
