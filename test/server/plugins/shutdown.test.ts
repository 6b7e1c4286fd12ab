import Fastify from 'fastify'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import t from 'tap'
import { shutdown } from '../../../server/plugins/shutdown.ts'

t.test('an answer given while closing ends its kept-alive connection', async t => {
  const app = Fastify()
  await app.register(shutdown)
  let answer = () => {}
  app.get('/', () => new Promise(resolve => { answer = () => resolve({}) }))
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const response = once(get({ port, agent, host: 'localhost' }), 'response') as Promise<[IncomingMessage]>
  await once(app.server, 'request')
  const closed = app.close()
  setTimeout(() => answer(), 20)
  const [{ headers, statusCode }] = await response
  t.equal(statusCode, 200)
  t.equal(headers.connection, 'close')
  t.ok(app.closing)
  await closed
})

t.test('a connection that never sent anything does not hold up closing', async t => {
  const app = Fastify()
  await app.register(shutdown)
  await app.listen({ port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port)
  socket.on('error', () => {})
  await once(app.server, 'connection')
  const closed = once(socket, 'close')
  const before = performance.now()
  await app.close()
  await closed
  t.ok(performance.now() - before < 4000)
})

t.test('nor does one that has begun a second request', async t => {
  const app = Fastify()
  await app.register(shutdown)
  app.get('/', async () => ({}))
  await app.listen({ port: 0 })
  const socket = connect((app.server.address() as AddressInfo).port)
  socket.on('error', () => {})
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HTTP/1.1\r\nho')
  await once(socket, 'data')
  await new Promise(resolve => setTimeout(resolve, 50))
  const closed = once(socket, 'close')
  const before = performance.now()
  await app.close()
  await closed
  t.ok(performance.now() - before < 4000)
})
