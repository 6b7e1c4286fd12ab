import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import Fastify from 'fastify'
import t from 'tap'
import { abort, onEnd } from '../../../server/plugins/abort.ts'
import { errors } from '../../../server/plugins/errors.ts'
import { featureReplies } from '../../../server/plugins/feature-replies.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

const QUERY = 'layers=*&format=safetensors'
const body = photo('sample-me.jpg')

t.test('slow readers hold a bounded amount of memory, and /detect goes on', async t => {
  const { app } = await startApp(t, { MAX_FEATURE_BYTES: String(100 * 2 ** 20) })
  await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  const ask = (query: string) => app.inject({ method: 'POST', url: `/features?${query}`, payload: body, headers: { 'content-type': 'image/jpeg' } })
  const readers = await Promise.all([1, 2].map(async () => {
    const socket = connect(port).pause()
    socket.on('error', () => {})
    socket.write(`POST /features?${QUERY} HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/jpeg\r\ncontent-length: ${body.length}\r\n\r\n`)
    socket.write(body)
    await once(socket, 'readable') // it has begun to answer
    return socket
  }))
  const refused = await ask('layers=stage4&format=npy')
  t.match([refused.statusCode, refused.json().code, refused.headers['retry-after']], [503, 'OVERLOADED', '2'])
  const detected = await app.inject({ method: 'POST', url: '/detect', payload: body, headers: { 'content-type': 'image/jpeg' } })
  t.equal(detected.statusCode, 200)
  for (const socket of readers) socket.destroy()
  let status = 503
  for (let i = 0; i < 100 && status === 503; i++) {
    await setTimeout(50)
    status = (await ask('layers=stage4&format=npy')).statusCode
  }
  t.equal(status, 200, 'what clients that left had held is free')
})

t.test('a client that takes a little now and then loses its connection, too', async t => {
  const app = Fastify()
  for (const plugin of [errors, abort]) await app.register(plugin)
  await app.register(featureReplies, { maxBytes: 1e9, stallTimeout: 1000, minRate: 1e8 })
  const ended: string[] = []
  onEnd(app, ({ request }) => ended.push(request.id))
  const maps = Buffer.alloc(50e6)
  app.get('/', async (request, reply) => {
    app.featureReplies.count(request, reply, maps.length)
    return reply.send(Readable.from([maps]))
  })
  await app.listen({ port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  t.equal((await (await fetch(`http://localhost:${port}/`)).arrayBuffer()).byteLength, maps.length)
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  socket.on('data', () => socket.pause())
  const timer = setInterval(() => socket.resume(), 200)
  for (let i = 0; i < 60 && ended.length < 2; i++) await setTimeout(100)
  t.equal(ended.length, 2)
  clearInterval(timer)
  socket.destroy()
})
