import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { postJson } from '../../../bulk/queue/webhook.ts'

/** A server that replies with these statuses, one after the other; 0 is no reply. */
async function serve (t: Test, statuses: number[]): Promise<{ url: string, bodies: string[] }> {
  const bodies: string[] = []
  const server: Server = createServer(async (request, reply) => {
    bodies.push(await text(request))
    const status = statuses.shift()!
    if (status === 0) request.destroy()
    else if (status > 0) reply.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('reply')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`, bodies }
}

t.test('is tried again while the server is away or busy', async t => {
  const { url, bodies } = await serve(t, [0, 503, 429, 200])
  t.equal(await postJson(url, { images: 3 }, { pause: 1 }), undefined)
  t.strictSame(bodies, Array(4).fill('{"images":3}'))
})

t.test('says why it was not delivered, without the address', async t => {
  t.equal(await postJson((await serve(t, [500, 500])).url, {}, { tries: 2, pause: 1 }), 'status 500')
  const { url, bodies } = await serve(t, [404])
  t.equal(await postJson(url, {}, { pause: 1 }), 'status 404')
  t.equal(bodies.length, 1, 'a refusal is final')
  t.equal(await postJson((await serve(t, [302])).url, {}), 'status 302', 'redirects are not followed')
  t.equal(await postJson((await serve(t, [-1])).url, {}, { tries: 1, timeout: 50 }), 'no reply')
})
