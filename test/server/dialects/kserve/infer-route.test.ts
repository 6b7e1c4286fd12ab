import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import type { AddressInfo } from 'node:net'
import { unzipSync } from 'fflate'
import t, { type Test } from 'tap'
import { cpuClock } from '../../../support/cpu-time.ts'
import { DEFAULT_HEAD, floats, PERSON, photoHead, readReply, tritonRequest, type Tensor } from '../../../support/kserve.ts'
import { photo } from '../../../support/files.ts'
import { rawRequest } from '../../../support/raw-request.ts'
import { startApp } from '../../../support/server.ts'

const PATH = '/v2/models/nanodet-m-416/infer'
const jpeg = photo('sample-me.jpg')

/** A server on a port, and requests to it. */
async function listen (t: Test, env: Record<string, string> = {}) {
  const { app, engine, log } = await startApp(t, env)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return { app, engine, log, send: (bytes: Buffer) => rawRequest(port, bytes) }
}

t.test('tritonclient\'s requests, byte for byte', async t => {
  const { app, send } = await listen(t)

  await t.test('its default call: all is binary', async t => {
    const reply = await send(tritonRequest(PATH, DEFAULT_HEAD, PERSON))
    t.equal(reply.status, 200)
    t.match(reply.headers, { 'content-type': 'application/octet-stream', 'inference-header-content-length': /^\d+$/ })
    const { head, outputs } = readReply(reply)
    t.same(head, { model_name: 'nanodet-m-416', model_version: '1' })
    t.same([...outputs.values()].map(({ name, datatype, shape }) => `${name} ${datatype} ${shape}`),
      ['boxes FP32 2,4', 'scores FP32 2', 'class_ids INT64 2', 'labels BYTES 2'])
    t.equal(String(outputs.get('labels')!.bytes), '\x06\0\0\0person\x03\0\0\0tie')
  })

  await t.test('outputs by name: a layer and the boxes, as POST /features and POST /detect have them', async t => {
    const named = (name: string): string => `{"name": "${name}", "parameters": {"binary_data": true}}`
    const head = photoHead(`, "outputs": [${named('backbone.stage4')}, ${named('boxes')}]`)
    const { outputs } = readReply(await send(tritonRequest('/v2/models/nanodet-m-416/versions/1/infer', head, PERSON)))
    const post = (url: string) => app.inject({ method: 'POST', url, payload: jpeg })
    const files = unzipSync((await post('/features?layers=backbone.stage4')).rawPayload)
    for (const [name, { bytes }] of outputs) {
      const npy = Buffer.from(files[`${name}.npy`]!)
      t.ok(npy.subarray(10 + npy.readUInt16LE(8)).equals(bytes!), name)
    }
    const { detections } = (await post('/detect')).json()
    const corners = detections.flatMap(({ box: { x1, y1, x2, y2 } }: { box: Record<string, number> }) => [x1, y1, x2, y2])
    t.same(floats(outputs.get('boxes')!).map(corner => Number(corner.toFixed(2))), corners)
  })

  await t.test('compressed there and back', async t => {
    const body = Buffer.concat([Buffer.from(DEFAULT_HEAD), PERSON])
    const plain = readReply(await send(tritonRequest(PATH, DEFAULT_HEAD, PERSON)))
    for (const [name, compress, expand] of [['gzip', gzipSync, gunzipSync], ['deflate', deflateSync, inflateSync]] as const) {
      const compressed = compress(body)
      const reply = await send(Buffer.concat([Buffer.from([
        `POST ${PATH} HTTP/1.1`, 'Host: 127.0.0.1', `Content-Encoding: ${name}`, `Accept-Encoding: ${name}`,
        `Inference-Header-Content-Length: ${DEFAULT_HEAD.length}`, `Content-Length: ${compressed.length}`
      ].join('\r\n') + '\r\n\r\n'), compressed]))
      t.equal(reply.headers['content-encoding'], name)
      t.same(readReply({ headers: reply.headers, body: expand(reply.body) }), plain)
    }
  })

  await t.test('the header 0: the body is the photo', async t => {
    const headers = [`POST ${PATH} HTTP/1.1`, 'Host: 127.0.0.1', 'Inference-Header-Content-Length: 0', `Content-Length: ${jpeg.length}`]
    const { outputs } = readReply(await send(Buffer.concat([Buffer.from(`${headers.join('\r\n')}\r\n\r\n`), jpeg])))
    t.same(outputs.get('boxes')!.shape, [2, 4])
  })

  await t.test('statistics tell what was done', async t => {
    const [stats] = (await app.inject('/v2/models/nanodet-m-416/stats')).json().model_stats
    t.match(stats, { inference_count: 6, inference_stats: { success: { count: 6 }, fail: { count: 0 } }, batch_stats: [{ batch_size: 1 }] })
    const { success, queue, compute_infer: infer } = stats.inference_stats
    t.ok(infer.ns > 1e6 && queue.ns + infer.ns < success.ns)
  })
})

t.test('JSON alone, as curl writes it', async t => {
  const { app } = await startApp(t)
  const post = async (body: object | string, url = PATH) => {
    const response = await app.inject({ method: 'POST', url, payload: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json' } })
    return { status: response.statusCode, body: response.json() }
  }
  const image = { name: 'image', shape: [1], datatype: 'BYTES', parameters: { content_type: 'base64' }, data: [jpeg.toString('base64')] }

  await t.test('the id comes back, and values are numbers and texts', async t => {
    const { status, body } = await post({ id: 'a1', inputs: [image] })
    t.equal(status, 200)
    t.match(body, { model_name: 'nanodet-m-416', model_version: '1', id: 'a1' })
    const [boxes, scores, classIds, labels] = body.outputs as Tensor[]
    t.match(boxes, { name: 'boxes', datatype: 'FP32', shape: [2, 4], data: { length: 8 } })
    t.match(scores, { name: 'scores', datatype: 'FP32', shape: [2], data: { length: 2 } })
    t.match(classIds, { name: 'class_ids', datatype: 'INT64', shape: [2], data: [0, 27] })
    t.match(labels, { name: 'labels', datatype: 'BYTES', shape: [2], data: ['person', 'tie'] })
  })

  await t.test('what is wrong is said in `error`', async t => {
    const ask = (input: object, more = {}) => ({ inputs: [{ ...image, ...input }], ...more })
    const raw = { name: 'pixels', datatype: 'UINT8', parameters: {} }
    const wrong: Array<[body: object | string, status: number, error: RegExp, url?: string]> = [
      [ask({}), 404, /^Unknown model yolo/, '/v2/models/yolo/infer'],
      [ask({}), 404, /no version 3/, '/v2/models/nanodet-m-416/versions/3/infer'],
      [ask({ data: ['dGV4dCE='] }), 400, /^Cannot decode/],
      [ask({ data: ['/9j/2wA='] }), 400, /damaged, cut short/],
      [ask({ shape: [2] }), 400, /expected one image/],
      [ask({}, { outputs: [{ name: 'boxs' }] }), 400, /the nearest are boxes/],
      [ask({}, { parameters: { classes: 'persn' } }), 400, /^classes: /],
      [ask({ ...raw, shape: [1, 3, 416, 416], data: [0] }), 400, /^The input is uint8 \[1, 416, 416, 3\], not \[1, 3, 416, 416\]/, '/v2/models/nanodet-m-416.raw/infer'],
      [ask({ ...raw, shape: [1, 416, 416, 3], data: [0] }), 400, /takes 519168 bytes, not 1/, '/v2/models/nanodet-m-416.raw/infer'],
      ['', 400, /no body/],
      ['{', 400, /not JSON/],
      [`{"inputs": [${'0,'.repeat(3e6)}`, 413, /more than \d+ values/]
    ]
    for (const [body, status, error, url] of wrong) t.match(await post(body, url), { status, body: { error } }, String(error))
    const { model_stats: [{ inference_stats: stats }] } = (await app.inject('/v2/models/nanodet-m-416/stats')).json()
    t.match(stats, { success: { count: 1 }, fail: { count: 8 } }, 'what names no model is not counted')
  })
})

t.test('what is larger than may be sent', async t => {
  const { app } = await startApp(t, { MAX_FEATURE_BYTES: '100000', MAX_BODY_BYTES: '500000' })
  const post = (payload: string) => app.inject({ method: 'POST', url: PATH, payload })
  const small = photo('sample-me.jpg').toString('base64')
  const layer = await post(JSON.stringify({ inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: [small] }], outputs: [{ name: 'stage4' }] }))
  t.match([layer.statusCode, layer.json()], [413, { error: /the layers make about/ }])
  const body = await post('x'.repeat(500_001))
  t.match([body.statusCode, body.json()], [413, { error: /500000/ }])
})

t.test('overload says when to come again', async t => {
  const { send } = await listen(t, { MAX_QUEUE: '0', REQUEST_TIMEOUT: '1000' })
  const replies = await Promise.all(Array.from({ length: 12 }, () => send(tritonRequest(PATH, DEFAULT_HEAD, PERSON))))
  const refused = replies.filter(({ status }) => status !== 200)
  t.ok(refused.length > 0 && refused.length < 12, `${refused.length} of 12`)
  for (const { status, headers, body } of refused) {
    t.equal(status, 503)
    t.match(headers['retry-after'], /^\d+$/)
    t.match(JSON.parse(String(body)), { error: /^Server overloaded/ })
  }
})

t.test('hostile sizes are answered, and quickly', async t => {
  const { send } = await listen(t)
  const request = (length: string, body: Buffer): Buffer => Buffer.concat([Buffer.from([
    `POST ${PATH} HTTP/1.1`, 'Host: 127.0.0.1', `Inference-Header-Content-Length: ${length}`, `Content-Length: ${body.length}`
  ].join('\r\n') + '\r\n\r\n'), body])
  const head = (input: string, more = ''): Buffer => Buffer.from(`{"inputs": [{"name": "image", "datatype": "BYTES", ${input}}]${more}}`)
  const withTensor = (json: Buffer, tensor: Buffer): Buffer => request(String(json.length), Buffer.concat([json, tensor]))
  const overflowing = Buffer.from('\xff\xff\xff\xff/9j/', 'latin1')
  const hostile: Array<[name: string, bytes: Buffer, error: RegExp]> = [
    ['a header longer than the body', request('999999', Buffer.from(DEFAULT_HEAD)), /^Inference-Header-Content-Length: expected 0 to/],
    ['a negative header', request('-1', PERSON), /^Inference-Header-Content-Length/],
    ['a header that is no number', request('1e3', PERSON), /^Inference-Header-Content-Length/],
    ['a huge shape', withTensor(head('"shape": [9007199254740991, 9007199254740991], "parameters": {"binary_data_size": 8}'), overflowing), /expected one image/],
    ['an overflowing element', withTensor(head('"shape": [1], "parameters": {"binary_data_size": 8}'), overflowing), /element 0 is longer/],
    ['a size that is not that of the bytes', withTensor(head('"shape": [1], "parameters": {"binary_data_size": 9}'), overflowing), /binary_data_size is 9, but 8/],
    ['deep JSON', withTensor(Buffer.from(`{"a":${'['.repeat(2e6)}${']'.repeat(2e6)}}`), Buffer.of()), /nested more than 64 deep/],
    ['data deeper than its shape', withTensor(head('"shape": [1], "data": [[[""]]]'), Buffer.of()), /nested deeper/],
    ['ten thousand outputs', withTensor(head('"shape": [1], "data": [""]', `, "outputs": [${'{"name":"p3"},'.repeat(1e4 - 1)}{"name":"p3"}]`), Buffer.of()), /^outputs: expected a list of at most 256/]
  ]
  for (const [name, bytes, error] of hostile) {
    const spent = cpuClock()
    const { status, body } = await send(bytes)
    t.equal(status, 400, name)
    t.match(JSON.parse(String(body)), { error }, name)
    t.ok(spent() < 5000, `${name}: ${Math.round(spent())} ms`)
  }
})
