import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import t from 'tap'
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
    await new Promise(resolve => setTimeout(resolve, 50))
    status = (await ask('layers=stage4&format=npy')).statusCode
  }
  t.equal(status, 200, 'what clients that left had held is free')
})
