import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { OverloadError } from '../../../engine/errors.ts'
import { abort } from '../../../server/plugins/abort.ts'
import { bodies } from '../../../server/plugins/bodies.ts'
import { errors } from '../../../server/plugins/errors.ts'

const PHOTO = Buffer.alloc(170_000, 'photo')
const LARGE = Buffer.alloc(20_000_000, 'large')

/** A server that has no room for any body, and the number of its connections. */
async function start (t: Test) {
  const app = Fastify()
  for (const plugin of [errors, abort]) await app.register(plugin)
  const admit = (): void => { throw new OverloadError('queue_full', 7) }
  await app.register(bodies, { maxBytes: 2e9, maxBytesInFlight: 2e9, timeout: 10_000, admit })
  app.post('/', { config: { task: 'detect' } }, async () => {})
  const sockets: Socket[] = []
  app.server.on('connection', socket => sockets.push(socket))
  await app.listen({ port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  return { port, base: `http://127.0.0.1:${port}`, sockets }
}

/** Sends a body with node:http. @returns status, code and Retry-After */
async function post (base: string, body: Buffer, agent: Agent, headers = {}): Promise<unknown[]> {
  const sent = request(base, { method: 'POST', agent, headers: { 'content-length': body.length, ...headers } })
  sent.on('error', () => {}) // after the reply
  if ('expect' in headers) sent.flushHeaders()
  else sent.end(body)
  const [response] = await once(sent, 'response') as [IncomingMessage]
  const text = Buffer.concat(await response.toArray()).toString()
  return [response.statusCode, JSON.parse(text).code, response.headers['retry-after']]
}

const REFUSED = [503, 'OVERLOADED', '7']

t.test('a client that sends a photo reads its refusal, and its connections stay open', async t => {
  const { base, sockets } = await start(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  t.teardown(() => agent.destroy())
  const replies = await Promise.all(Array.from({ length: 100 }, () => post(base, PHOTO, agent)))
  for (const reply of replies) t.same(reply, REFUSED)
  t.equal(sockets.length, 4)
})

t.test('a client that sends a large body reads its refusal, and its connection is closed', async t => {
  const { base, sockets } = await start(t)
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const replies = await Promise.all(Array.from({ length: 10 }, () => post(base, LARGE, agent)))
  for (const reply of replies) t.same(reply, REFUSED)
  t.equal(sockets.length, 10)
  while (sockets.some(({ destroyed }) => !destroyed)) await sleep(10)
})

t.test('fetch does, too', async t => {
  const { base } = await start(t)
  for (const body of [PHOTO, LARGE]) {
    const responses = await Promise.all(Array.from({ length: 10 }, () => fetch(base, { method: 'POST', body })))
    for (const response of responses) t.same([response.status, (await response.json() as { code: string }).code], [503, 'OVERLOADED'])
  }
})

t.test('a client that asks before it sends never sends', async t => {
  const { base, sockets } = await start(t)
  const agent = new Agent()
  for (const body of [PHOTO, LARGE]) t.same(await post(base, body, agent, { expect: '100-continue' }), REFUSED)
  t.ok(sockets.every(({ bytesRead }) => bytesRead < 1000))
})

t.test('one that asks, and sends at once, reads its refusal on a connection that is closed', async t => {
  const { port } = await start(t)
  const headers = `expect: 100-continue\r\ncontent-length: ${PHOTO.length}`
  t.match(await sendThenRead(port, headers, PHOTO), /^HTTP\/1\.1 503 .*connection: close.*OVERLOADED/is)
})

t.test('nothing waits for a client that has left', async t => {
  const { port } = await start(t)
  const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  for (const length of [PHOTO.length, LARGE.length]) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
  }
  await sleep(300)
  t.equal(timers(), before)
})

/** Sends a head and a body without reading, as blocking clients do. @returns what it can read afterwards */
async function sendThenRead (port: number, headers: string, body: Buffer): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).pause()
  socket.on('error', () => {})
  socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n\r\n`)
  await new Promise(resolve => socket.write(body, resolve))
  const text = Buffer.concat(await socket.toArray().catch(() => [])).toString()
  socket.destroy()
  return text
}

t.test('a client that reads nothing before it has sent everything reads its refusal', async t => {
  const { port } = await start(t)
  const closed = 'connection: close\r\n'
  t.match(await sendThenRead(port, `${closed}content-length: ${PHOTO.length}`, PHOTO), /^HTTP\/1\.1 503 .*OVERLOADED/s)
  t.match(await sendThenRead(port, `content-length: ${LARGE.length}`, LARGE), /^HTTP\/1\.1 503 .*connection: close.*OVERLOADED/is)
})

t.test('the rest of a large body is not read for a moment', async t => {
  const { port, sockets } = await start(t)
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  t.teardown(() => socket.destroy())
  const head = Buffer.from('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 20000000\r\n\r\n')
  socket.write(Buffer.concat([head, LARGE.subarray(0, 50_000)])) // both arrive together
  socket.write(LARGE.subarray(50_001))
  await once(socket, 'data')
  await sleep(30)
  t.ok(sockets[0]!.bytesRead < 5_000_000, `${sockets[0]!.bytesRead} bytes were read`)
  socket.write('x')
  await new Promise(resolve => socket.once('close', resolve))
})

t.test('a client that sends without end loses its connection', async t => {
  const { port, sockets } = await start(t)
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n')
  const piece = Buffer.concat([Buffer.from('1000000\r\n'), Buffer.alloc(2 ** 24), Buffer.from('\r\n')])
  const timer = setInterval(() => { if (socket.writableLength === 0) socket.write(piece) }, 1)
  await new Promise(resolve => socket.once('close', resolve))
  clearInterval(timer)
  t.ok(sockets[0]!.bytesRead < 80_000_000, `${sockets[0]!.bytesRead} bytes were read`)
})
