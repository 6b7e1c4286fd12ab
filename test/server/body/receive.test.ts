import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { OverloadError } from '../../../engine/errors.ts'
import { checkLength, receiveBody } from '../../../server/body/receive.ts'

/** Receives one request from a real socket. @returns the text, or the code of the error; and the bytes that were reported */
async function receive (t: Test, send: (socket: Socket) => void, { maxBytes = 1000, timeout = 1000, allowed = Infinity } = {}) {
  const server: Server = createServer()
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => {})
  t.teardown(() => socket.destroy())
  send(socket)
  const [request] = await once(server, 'request') as [IncomingMessage]
  let reported = 0
  const onBytes = (count: number): void => {
    reported += count
    if (reported > allowed) throw new OverloadError('bytes_in_flight', 1)
  }
  const outcome = await receiveBody(request, { maxBytes, timeout, onBytes })
    .then(body => Buffer.concat(body).toString(), error => error.code ?? error.name)
  return { outcome, reported, request }
}

const post = (headers: string, body: string | Buffer = '') => (socket: Socket): void => {
  socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n\r\n`)
  socket.write(body)
}
const sized = (body: string | Buffer, headers = '') => post(`content-length: ${Buffer.byteLength(body)}${headers}`, body)
const chunked = (...chunks: string[]) => post('transfer-encoding: chunked', [...chunks, ''].map(chunk => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join(''))

t.test('a body with a length, in chunks, and empty', async t => {
  t.match(await receive(t, sized('photo')), { outcome: 'photo', reported: 5 })
  t.match(await receive(t, chunked('pho', 'to')), { outcome: 'photo', reported: 5 })
  t.match(await receive(t, chunked()), { outcome: '', reported: 0 })
})

t.test('large pieces stay as they arrived, many small ones become one', async t => {
  const server = createServer(async (request, response) => {
    const pieces = await receiveBody(request, { maxBytes: 1e6, timeout: 1000, onBytes: () => {} })
    response.end(JSON.stringify([pieces.length, Buffer.concat(pieces).length]))
  })
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const [large, length] = await (await fetch(address, { method: 'POST', body: Buffer.alloc(500_000) })).json() as [number, number]
  t.ok(large > 1, String(large))
  t.equal(length, 500_000)
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  chunked(...Array.from({ length: 100 }, () => 'ab'))(socket)
  const [reply] = await once(socket, 'data')
  t.match(String(reply), /\[1,200\]/)
})

t.test('compressed bodies', async t => {
  const text = 'x'.repeat(500)
  const gzip = gzipSync(text)
  for (const encoding of ['gzip', 'x-gzip', 'GZIP']) {
    t.match(await receive(t, sized(gzip, `\r\ncontent-encoding: ${encoding}`)), { outcome: text, reported: gzip.length + 500 }, encoding)
  }
  t.match(await receive(t, sized(deflateSync(text), '\r\ncontent-encoding: deflate')), { outcome: text })
  t.match(await receive(t, sized('plain', '\r\ncontent-encoding: identity')), { outcome: 'plain' })
  t.match(await receive(t, sized(gzipSync('x'.repeat(100_000)), '\r\ncontent-encoding: gzip')), { outcome: 'BODY_TOO_LARGE' })
  t.match(await receive(t, sized('not gzip', '\r\ncontent-encoding: gzip')), { outcome: 'MALFORMED_REQUEST' })
  for (const unknown of ['br', 'gzip, gzip', '__proto__', 'constructor']) {
    t.match(await receive(t, sized('?', `\r\ncontent-encoding: ${unknown}`)), { outcome: 'UNSUPPORTED_MEDIA_TYPE' }, unknown)
  }
  t.match(await receive(t, sized(gzip.subarray(0, -5), '\r\ncontent-encoding: gzip')), { outcome: 'MALFORMED_REQUEST' })
})

t.test('limits of bytes, of one body and of all', async t => {
  t.match(await receive(t, sized('x'.repeat(1001))), { outcome: 'BODY_TOO_LARGE', reported: 0 })
  t.match(await receive(t, chunked('x'.repeat(600), 'x'.repeat(600))), { outcome: 'BODY_TOO_LARGE' })
  t.match(await receive(t, chunked('x'.repeat(60)), { allowed: 50 }), { outcome: 'OverloadError' })
  t.throws(() => checkLength(11, 10), { code: 'BODY_TOO_LARGE', message: 'The request body has more than 10 bytes, the limit (MAX_BODY_BYTES)' })
  t.doesNotThrow(() => checkLength(10, 10))
})

t.test('what is late, and who leaves', async t => {
  t.match(await receive(t, post('content-length: 10', 'slow'), { timeout: 50 }), { outcome: 'RECEIVE_TIMEOUT' })
  const leave = (socket: Socket): void => {
    post('content-length: 10', 'half')(socket)
    setTimeout(() => socket.destroy(), 50)
  }
  t.match(await receive(t, leave, { timeout: 0 }), { outcome: 'CLIENT_CLOSED_REQUEST' })
})

t.test('after a failure the rest is read and dropped', async t => {
  const { outcome, request } = await receive(t, sized('x'.repeat(200_000)))
  t.equal(outcome, 'BODY_TOO_LARGE')
  if (!request.complete) await once(request, 'end')
  t.ok(request.complete)
})

t.test('compressed bodies are counted as they come out', async t => {
  const bomb = gzipSync(Buffer.alloc(50_000_000))
  const { outcome, reported } = await receive(t, sized(bomb, '\r\ncontent-encoding: gzip'), { maxBytes: 1e8, allowed: 1e6 })
  t.equal(outcome, 'OverloadError')
  t.ok(reported < 2e6, `after ${reported} bytes`)
})
