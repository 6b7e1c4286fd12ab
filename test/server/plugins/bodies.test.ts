import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { OverloadError } from '../../../engine/errors.ts'
import { abort } from '../../../server/plugins/abort.ts'
import { bodies, type BodiesOptions } from '../../../server/plugins/bodies.ts'
import { errors } from '../../../server/plugins/errors.ts'
import { rawRequest } from '../../support/raw-request.ts'

async function start (t: Test, options: Partial<BodiesOptions> = {}) {
  const app = Fastify()
  for (const plugin of [errors, abort]) await app.register(plugin)
  await app.register(bodies, { maxBytes: 1000, maxBytesInFlight: 1500, timeout: 1000, admit: () => {}, ...options })
  app.post('/', { config: { task: 'detect' } }, async request => {
    const [first, second] = await Promise.all([request.server.bodies.read(request), request.server.bodies.read(request)])
    return { length: first.length, same: first === second }
  })
  app.post('/unread', async () => ({}))
  await app.listen({ port: 0 })
  t.teardown(() => app.close())
  return { app, port: (app.server.address() as AddressInfo).port }
}

const head = (headers: string, path = '/'): string => `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n\r\n`

t.test('a body is read once, when somebody asks for it', async t => {
  const { app } = await start(t)
  t.same((await app.inject({ method: 'POST', url: '/', payload: 'photo', headers: { 'content-type': 'no type' } })).json(), { length: 5, same: true })
  t.match((await app.inject({ method: 'POST', url: '/' })).json(), { length: 0 })
  t.equal((await app.inject({ method: 'POST', url: '/unread', payload: 'photo' })).statusCode, 200)
})

t.test('a client that asks before it sends is answered first', async t => {
  const { port } = await start(t)
  const refused = await rawRequest(port, head('content-length: 1001\r\nexpect: 100-continue'))
  t.equal(refused.status, 413)
  t.match(JSON.parse(String(refused.body)), { code: 'BODY_TOO_LARGE', message: /1000 bytes/ })
  const socket = connect(port, '127.0.0.1')
  socket.write(head('content-length: 5\r\nexpect: 100-continue'))
  const [go] = await once(socket, 'data')
  t.match(String(go), /^HTTP\/1\.1 100 Continue/)
  socket.write('photo')
  const [answer] = await once(socket, 'data')
  t.match(String(answer), /^HTTP\/1\.1 200 .*"length":5/s)
  socket.destroy()
})

t.test('a client gets to read the answer to a body that is too large, and its connection goes on', async t => {
  const { port } = await start(t)
  const large = 'x'.repeat(900_000)
  for (let i = 0; i < 10; i++) {
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: large })
    t.equal(response.status, 413)
    t.match(await response.json(), { code: 'BODY_TOO_LARGE' })
  }
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', chunk => { heard += chunk })
  socket.write(head(`content-length: ${large.length}`) + large + head('content-length: 5') + 'photo')
  while (!heard.includes('"length":5')) await once(socket, 'data')
  t.match(heard, /^HTTP\/1\.1 413 .*HTTP\/1\.1 200 /s)
  socket.destroy()
})

t.test('a client that wants its connection closed gets to read the answer, too', async t => {
  const { port } = await start(t)
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', chunk => { heard += chunk })
  socket.write(head('content-length: 3000000\r\nconnection: close') + 'x'.repeat(1_000_000))
  while (!heard.includes('BODY_TOO_LARGE')) await once(socket, 'data')
  t.equal(socket.readyState, 'open')
  socket.write('x'.repeat(2_000_000))
  await once(socket, 'end')
})

t.test('a client that sends on and on after its answer loses the connection', async t => {
  const { port } = await start(t, { maxBytes: 10 })
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.write(head('content-length: 100000000'))
  const begin = performance.now()
  const timer = setInterval(() => socket.write('x'), 50)
  await new Promise(resolve => socket.once('close', resolve))
  clearInterval(timer)
  const seconds = (performance.now() - begin) / 1000
  t.ok(seconds > 2 && seconds < 8, `after ${seconds.toFixed(1)} s`)
})

t.test('what has arrived counts until it is answered, and what has been announced does not', async t => {
  const { port } = await start(t)
  const silent = connect(port, '127.0.0.1')
  silent.write(head('content-length: 1000'))
  const many = Array.from({ length: 10 }, () => rawRequest(port, head('transfer-encoding: chunked') + '5\r\nphoto\r\n0\r\n\r\n'))
  t.same((await Promise.all(many)).map(({ status }) => status), Array(10).fill(200))
  silent.write('x'.repeat(900))
  await new Promise(resolve => setTimeout(resolve, 50))
  t.equal((await rawRequest(port, head('content-length: 700') + 'x'.repeat(700))).status, 503, 'announced, and too much')
  t.equal((await rawRequest(port, head('transfer-encoding: chunked') + `2bc\r\n${'x'.repeat(700)}\r\n0\r\n\r\n`)).status, 503, 'arrived, and too much')
  silent.write('x'.repeat(100))
  await once(silent, 'data')
  t.equal((await rawRequest(port, head('content-length: 700') + 'x'.repeat(700))).status, 200, 'what is answered counts no more')
  silent.destroy()
})

t.test('a body that there is no place for is refused before it is read', async t => {
  const asked: unknown[] = []
  const { app } = await start(t, {
    admit (task, bytes) {
      asked.push([task, bytes])
      if (bytes > 10) throw new OverloadError('queue_full', 7)
    }
  })
  const post = (payload: string) => app.inject({ method: 'POST', url: '/', payload })
  t.equal((await post('small')).statusCode, 200)
  const refused = await post('larger than that')
  t.match(refused.json(), { statusCode: 503, code: 'OVERLOADED' })
  t.equal(refused.headers['retry-after'], '7')
  t.same(asked, [['detect', 5], ['detect', 16]])
})

t.test('a body that does not arrive in time is answered, and logged as such', async t => {
  const { port } = await start(t, { timeout: 100 })
  const response = await rawRequest(port, head('content-length: 10') + 'slow')
  t.equal(response.status, 408)
  t.match(JSON.parse(String(response.body)), { code: 'RECEIVE_TIMEOUT' })
})

t.test('bytes of clients that leave are given back, whatever they left in the middle of', async t => {
  const { app, port } = await start(t, { maxBytes: 1_000_000, maxBytesInFlight: 1_500_000 })
  app.server.setMaxListeners(100)
  const large = 'x'.repeat(900_000)
  const zeros = gzipSync(Buffer.alloc(900_000))
  const requests = [
    head('content-length: 1000000') + large,
    head('content-length: 5') + 'photo' + head('content-length: 900000') + large,
    Buffer.concat([Buffer.from(head(`content-encoding: gzip\r\ncontent-length: ${zeros.length}`)), zeros])
  ]
  for (const request of [...requests, ...requests, ...requests]) {
    for (const wait of [0, 1, 3, 10]) {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      socket.write(request)
      await once(app.server, 'request')
      await new Promise(resolve => setTimeout(resolve, wait))
      socket.destroy()
    }
  }
  await new Promise(resolve => setTimeout(resolve, 100))
  const answers = await Promise.all([1, 2].map(() => rawRequest(port, head('content-length: 700000') + large.slice(0, 700_000))))
  t.same(answers.map(({ status }) => status), [200, 200])
})

t.test('a body that is alone is taken, however few bytes may be in flight', async t => {
  const { port } = await start(t, { maxBytes: 1_000_000, maxBytesInFlight: 0 })
  t.equal((await rawRequest(port, head('content-length: 900000') + 'x'.repeat(900_000))).status, 200)
})

t.test('what compressed bodies become counts as it comes', async t => {
  const { port } = await start(t, { maxBytes: 10_000_000, maxBytesInFlight: 15_000_000 })
  const bomb = gzipSync(Buffer.alloc(10_000_000))
  const request = Buffer.concat([Buffer.from(head(`content-encoding: gzip\r\ncontent-length: ${bomb.length}`)), bomb])
  const statuses = (await Promise.all(Array.from({ length: 20 }, () => rawRequest(port, request)))).map(({ status }) => status)
  t.ok(statuses.includes(503) && statuses.every(status => [200, 503].includes(status)), statuses.join())
})

t.test('only clients that wait for it are asked to go on', async t => {
  const { port } = await start(t)
  const headers = 'host: localhost\r\ncontent-length: 5'
  const heard = async (version: string, expect: string) =>
    await rawRequest(port, `POST / HTTP/${version}\r\n${headers}\r\nexpect: ${expect}\r\n\r\nphoto`)
  t.equal((await heard('1.0', '100-continue')).status, 200)
  t.equal((await heard('1.1', 'a miracle')).status, 200)
})

t.test('a type of no body is no matter', async t => {
  const { app } = await start(t)
  t.equal((await app.inject({ method: 'POST', url: '/', headers: { 'content-type': 'no type', 'content-length': '0' } })).statusCode, 200)
})
