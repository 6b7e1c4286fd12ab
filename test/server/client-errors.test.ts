import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { rawRequest } from '../support/raw-request.ts'
import { startApp } from '../support/server.ts'

t.test('what is no request is answered, and costs nobody else anything', async t => {
  const { app, log } = await startApp(t, { RECEIVE_TIMEOUT: '300' }, { load: false })
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  const say = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8')
    let heard = ''
    socket.on('data', chunk => { heard += chunk })
    socket.write(text)
    await once(socket, 'close')
    return heard
  }
  t.match(await say('HELLO\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n.*"code":"MALFORMED_REQUEST"/s)
  t.match(await say(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`), /^HTTP\/1\.1 431 .*"code":"HEADERS_TOO_LARGE"/s)
  t.match(await say('POST /detect HTTP/1.1\r\nhost: localhost\r\ncontent-le'), /^HTTP\/1\.1 408 .*"code":"RECEIVE_TIMEOUT"/s)
  t.match(log.filter(({ msg }) => msg === 'connection refused').map(({ code }) => code), ['MALFORMED_REQUEST', 'HEADERS_TOO_LARGE', 'RECEIVE_TIMEOUT'])
  t.equal((await app.inject('/health/live')).statusCode, 200)
  const metrics = (await app.inject('/metrics')).body
  for (const code of ['MALFORMED_REQUEST', 'HEADERS_TOO_LARGE', 'RECEIVE_TIMEOUT']) t.match(metrics, `nanodet_http_request_errors_total{code="${code}"} 1`)
  t.match(metrics, 'nanodet_http_request_duration_seconds_count{method="none",route="none",status="408",dialect="native"} 1')
})

t.test('an address that can\'t be looked up', async t => {
  const { app, log } = await startApp(t, {}, { load: false })
  const broken = await app.inject('/models/%zz')
  t.match(broken.json(), { statusCode: 400, code: 'MALFORMED_REQUEST', error: 'Bad Request', message: /%/ })
  t.equal(broken.headers['x-request-id'], log.at(-1)!['reqId'])
  t.match(log.at(-1), { level: 30, method: 'GET', path: '/models/%zz', status: 400, code: 'MALFORMED_REQUEST', msg: 'request' })
  t.match((await app.inject(`/models/${'x'.repeat(256)}`)).json(), { code: 'MODEL_NOT_FOUND' })
  t.match((await app.inject(`/models/${'x'.repeat(257)}`)).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message: /256/ })
})

t.test('a request that stops being HTTP is answered, logged and counted once', async t => {
  const { app, log } = await startApp(t, {}, { load: false })
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  const post = (headers: string): string =>
    `POST /v1/vision/detection HTTP/1.1\r\nhost: localhost\r\n${headers}transfer-encoding: chunked\r\n\r\n5\r\nphoto\r\nzz\r\n`
  const lines = () => log.filter(({ status, msg }) => status !== undefined || msg === 'connection refused')
  t.equal((await rawRequest(port, post('content-type: multipart/form-data; boundary=B\r\n'))).status, 400)
  await setTimeout(100)
  t.match(lines(), [{ level: 30, status: 400, code: 'MALFORMED_REQUEST', msg: 'request' }])
  t.equal(lines().length, 1)
  t.equal((await rawRequest(port, post(''))).status, 400, 'answered before it arrives')
  await setTimeout(100)
  t.match(lines().at(-1), { code: 'EMPTY_BODY', msg: 'request' })
  t.equal(lines().length, 2)
  t.match((await app.inject('/metrics')).body, 'nanodet_http_request_errors_total{code="MALFORMED_REQUEST"} 1')
})

t.test('a client that was refused and stays loses its connection', async t => {
  const { app } = await startApp(t, {}, { load: false })
  await app.listen({ port: 0 })
  const socket = connect({ port: (app.server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {}).resume()
  t.teardown(() => socket.destroy())
  socket.write('HELLO\r\n\r\n')
  await once(socket, 'end')
  const connections = promisify(app.server.getConnections.bind(app.server))
  for (const begin = performance.now(); await connections() > 0 && performance.now() - begin < 6000;) await setTimeout(50)
  t.equal(await connections(), 0)
})
