import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { runLoad, runLoadInThread } from '../../../cli/load/load.ts'

t.test('load', async t => {
  let open = 0
  let most = 0
  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open)
    request.resume()
    await sleep(20)
    open--
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const body = [Buffer.from('photo')]
  const load = { base, images: { photo: body, garbage: body, truncated: body, huge: body }, mix: 'photos', seconds: 10 } as const

  await t.test('closed: as many at a time as there are clients', async t => {
    const { outcomes, seconds, cpuSeconds } = await runLoad({ ...load, pace: { clients: 3 }, requests: 12 })
    t.equal(outcomes.length, 12)
    t.equal(most, 3)
    t.ok(outcomes.every(({ status }) => status === 200))
    t.ok(seconds >= 0.08 && cpuSeconds > 0)
  })

  await t.test('open: a number of requests per second, in a thread', async t => {
    const { outcomes, seconds } = await runLoadInThread({ ...load, pace: { perSecond: 100 }, seconds: 0.5 })
    t.ok(seconds >= 0.5)
    t.ok(outcomes.length >= 40 && outcomes.length <= 50, String(outcomes.length))
  })
})
