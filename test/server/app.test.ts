import type { AddressInfo } from 'node:net'
import t from 'tap'
import { ERRORS } from '../../server/errors.ts'
import { photo } from '../support/files.ts'
import { rawRequest } from '../support/raw-request.ts'
import { startApp } from '../support/server.ts'

t.test('a path that is not there', async t => {
  const { app, log } = await startApp(t, {}, { load: false })
  const response = await app.inject('/detections?api_key=secret')
  t.equal(response.statusCode, ERRORS.ROUTE_NOT_FOUND)
  t.match(response.json(), { code: 'ROUTE_NOT_FOUND', message: 'Unknown path /detections; GET /docs lists all paths' })
  t.notMatch(JSON.stringify(log), /secret/)
})

t.test('forms that can\'t be read are answered at once, and nobody else waits', async t => {
  const { app } = await startApp(t)
  const base = await app.listen({ port: 0 })
  const { port } = app.server.address() as AddressInfo
  const image = photo('sample-me.jpg')
  const forms: Record<string, Buffer[]> = {
    attachment: [Buffer.from('--B\r\nContent-Disposition: attachment; filename=a.jpg\r\n\r\n'), image, Buffer.from('\r\n--B--\r\n')],
    inline: [Buffer.from('--B\r\nContent-Disposition: inline\r\n\r\n'), image, Buffer.from('\r\n--B--\r\n')],
    'no disposition': [Buffer.from('--B\r\nContent-Type: image/jpeg\r\n\r\n'), image, Buffer.from('\r\n--B--\r\n')],
    'a good part, then a bad one': [
      Buffer.from('--B\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'), image,
      Buffer.from('\r\n--B\r\nContent-Disposition: attachment; filename=b\r\n\r\nx\r\n--B--\r\n')
    ],
    'a part that never ends': [Buffer.from('--B\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'), image]
  }
  for (const [name, parts] of Object.entries(forms)) {
    const body = Buffer.concat(parts)
    const head = `POST /detect HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=B\r\ncontent-length: ${body.length}\r\n\r\n`
    const start = performance.now()
    const many = await Promise.all(Array.from({ length: 8 }, () => rawRequest(port, Buffer.concat([Buffer.from(head), body]))))
    const statuses = [...new Set(many.map(({ status }) => status))]
    t.same(statuses, [name === 'a part that never ends' ? 400 : 200], `${name}: ${Math.round(performance.now() - start)} ms`)
    t.equal((await fetch(`${base}/detect`, { method: 'POST', body: new Uint8Array(image) })).status, 200)
  }
})

t.test('24 photos without a length at once are all answered', async t => {
  const { app } = await startApp(t)
  const base = await app.listen({ port: 0 })
  const post = async (): Promise<number> => {
    const body = new ReadableStream({ start (controller) { controller.enqueue(new Uint8Array(photo('sample-me.jpg'))); controller.close() } })
    return (await fetch(`${base}/detect`, { method: 'POST', body, duplex: 'half' } as RequestInit)).status
  }
  t.same(await Promise.all(Array.from({ length: 24 }, post)), Array(24).fill(200))
})

t.test('a client gets to read that its body is too large', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const base = await app.listen({ port: 0 })
  const large = new Uint8Array(22 * 2 ** 20)
  for (let i = 0; i < 50; i++) {
    const response = await fetch(`${base}/detect`, { method: 'POST', body: large })
    t.match(await response.json(), { statusCode: 413, code: 'BODY_TOO_LARGE', message: /20971520 bytes/ })
  }
})
