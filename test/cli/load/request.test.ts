import { once } from 'node:events'
import { Agent, createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { Shot } from '../../../cli/load/mix.ts'
import { send, type SendOptions } from '../../../cli/load/request.ts'

async function serve (t: Test, listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => { agent.destroy(); server.closeAllConnections(); server.close() })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return (shot: Partial<Shot> = {}, options: Partial<SendOptions> = {}) =>
    send({ kind: 'photo', body: Buffer.from('photo'), ...shot }, { base, agent, timeout: 2000, ...options })
}

t.test('answers', async t => {
  const post = await serve(t, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    if (body !== 'photo') response.writeHead(503, { 'retry-after': '1' })
    response.end(body === 'photo' ? '{}' : body)
  })
  t.match(await post(), { kind: 'photo', end: 'answered', status: 200, retryAfter: false, code: undefined, ms: Number })
  t.match(await post({ body: Buffer.from('{"code":"OVERLOADED"}') }), { end: 'answered', status: 503, retryAfter: true, code: 'OVERLOADED' })
  t.match(await post({ body: Buffer.from('{}') }), { code: 'HTTP 503' })
  t.match(await post({}, { acknowledged: true }), { end: 'answered', status: 200 })
})

t.test('no answers', async t => {
  const silent = await serve(t, () => {})
  t.match(await silent({}, { timeout: 50 }), { end: 'unanswered', status: undefined })
  t.match(await silent({}, { timeout: 50, acknowledged: true }), { end: 'unanswered' }, 'it was taken up')
  t.match(await silent({ abortAfter: 20 }), { end: 'aborted' })
  const rude = await serve(t, request => { request.socket.destroy() })
  t.match(await rude(), { end: 'unanswered' })
  t.match(await rude({}, { base: 'http://127.0.0.1:1', acknowledged: true }), { end: 'not_accepted' })
})
