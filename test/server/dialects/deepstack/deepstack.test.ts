import t, { type Test } from 'tap'
import { COCO_LABELS } from '../../../../models/labels.ts'
import { field, formBody, jsonOf, pythonForm, type RawPart } from '../../../support/client-bytes.ts'
import { photo } from '../../../support/files.ts'
import { rawRequest, type RawResponse } from '../../../support/raw-request.ts'
import { startApp } from '../../../support/server.ts'

interface Prediction { confidence: number, label: string, x_min: number, y_min: number, x_max: number, y_max: number }

const JPEG = photo('sample-me.jpg') // 700 × 700
const DETECTION = '/v1/vision/detection'
const LABELS: readonly string[] = COCO_LABELS
/** As python-requests writes `files={"image": bytes}`. */
const bareImage = (bytes: Uint8Array): RawPart => ['Content-Disposition: form-data; name="image"; filename="image"', bytes]
const frigate = (bytes: Uint8Array, key = ''): Buffer => pythonForm(DETECTION, [field('api_key', key), bareImage(bytes)])

async function serve (t: Test, env: Record<string, string> = {}) {
  const { app, log } = await startApp(t, env)
  await app.listen({ port: 0 })
  const { port } = app.server.address() as { port: number }
  return { app, log, send: (bytes: Uint8Array | string) => rawRequest(port, bytes) }
}

/** Frigate's detect_raw: JSON whatever the status; rows of label, score, top, left, bottom, right. */
function frigateReads (response: RawResponse): number[][] {
  const rows: number[][] = []
  for (const { confidence, label, ...corners } of (jsonOf(response).predictions ?? []) as Prediction[]) {
    const index = LABELS.indexOf(label.toLowerCase() === 'truck' ? 'car' : label.toLowerCase())
    if (confidence < 0.4 || index < 0) break
    rows.push([index, confidence, corners.y_min / 700, corners.x_min / 700, corners.y_max / 700, corners.x_max / 700])
  }
  if (rows.length > 20) throw new RangeError('index 20 is out of bounds for axis 0 with size 20')
  return rows
}

/** deepstack-python and Viseron's CodeProject.AI client: anything but 200 raises, and all keys are read unguarded. */
function pythonReads ({ status, body }: RawResponse): Prediction[] {
  if (status !== 200) throw new Error(`Error from DeepStack, status code: ${status}`)
  const { predictions } = JSON.parse(body.toString())
  return predictions.map(({ confidence, label, x_min: left, y_min: top, x_max: right, y_max: bottom }: Prediction) => {
    if ([left, top, right, bottom].some(corner => !Number.isInteger(corner))) throw new TypeError('corner')
    return { confidence: confidence.toFixed(3), label, left, top, right, bottom }
  })
}

const isWhole = ({ headers }: RawResponse): boolean => headers['content-length'] !== undefined && headers['transfer-encoding'] === undefined

t.test('what clients send, byte for byte', async t => {
  const { send, log } = await serve(t)

  await t.test('Frigate', async t => {
    const response = await send(frigate(JPEG))
    const rows = frigateReads(response)
    t.same(rows.map(([index]) => LABELS[index!]), ['person', 'tie'])
    t.ok(rows.every(row => row.slice(2).every(side => side >= 0 && side <= 1)))
    t.ok(isWhole(response))
    t.match(log.at(-1), { path: DETECTION, dialect: 'deepstack', status: 200 })
  })

  await t.test('Frigate, at more than it has room for', async t => {
    const response = await send(pythonForm(DETECTION, [field('min_confidence', '0.01'), bareImage(JPEG)]))
    const { predictions, count } = jsonOf(response)
    t.equal(predictions.length, 20)
    t.equal(count, 20)
    const scores: number[] = predictions.map(({ confidence }: Prediction) => confidence)
    t.same(scores, scores.toSorted((a, b) => b - a))
    t.same(frigateReads(response).map(([index]) => LABELS[index!]), ['person', 'tie'])
  })

  await t.test('Frigate, with labels that it can take', async t => {
    const rows = frigateReads(await send(pythonForm(`${DETECTION}?labels=tie,dog`, [field('api_key', ''), bareImage(JPEG)])))
    t.same(rows.map(([index]) => LABELS[index!]), ['tie'])
    const unknown = await send(pythonForm(`${DETECTION}?labels=unicorn`, [bareImage(JPEG)]))
    t.match([unknown.status, jsonOf(unknown)], [400, { success: false, error: /^labels: the model has no label unicorn/ }])
  })

  await t.test('Viseron\'s CodeProject.AI', async t => {
    const parts = [field('min_confidence', '0.45'), bareImage(JPEG)]
    for (const path of [DETECTION, '/v1/vision/custom/nanodet-m-416']) {
      t.match(pythonReads(await send(pythonForm(path, parts))), [{ label: 'person', confidence: /^0\.8/ }, { label: 'tie' }])
    }
    t.match(pythonReads(await send(pythonForm(DETECTION, [field('minConfidence', '0.75'), bareImage(JPEG)]))), [{ label: 'person' }])
    const unknown = await send(pythonForm('/v1/vision/custom/ipcam-general', parts))
    t.match([unknown.status, jsonOf(unknown)], [404, { success: false, error: /ipcam-general/ }])
    t.throws(() => pythonReads(unknown), /404/)
  })

  await t.test('HASS-Deepstack-object, which sends no min_confidence', async t => {
    const predictions = pythonReads(await send(frigate(photo('sample1.jpg'))))
    t.ok(predictions.length > 0 && predictions.every(({ confidence }) => confidence >= 0.4))
  })

  await t.test('Node-RED', async t => {
    const boundary = '--------------------------498237498237498237498237'
    const image: RawPart = ['Content-Disposition: form-data; name="image"; filename="image.jpg"\r\nContent-Type: image/jpeg', JPEG]
    const body = formBody([image, field('min_confidence', '0.5'), field('api_key', 'k'), field('admin_key', 'k')], boundary)
    const head = `POST ${DETECTION} HTTP/1.1\r\nuser-agent: got (https://github.com/sindresorhus/got)\r\n` +
      `content-type: multipart/form-data; boundary=${boundary}\r\naccept-encoding: gzip, deflate, br\r\n` +
      `content-length: ${body.length}\r\nHost: localhost\r\nConnection: close\r\n\r\n`
    const { success, predictions } = jsonOf(await send(Buffer.concat([Buffer.from(head), body])))
    t.equal(success, true)
    t.same(predictions.filter(({ label }: Prediction) => label === 'tie').length, 1)
  })

  await t.test('Shinobi', async t => {
    const none = [pythonForm(DETECTION, [field('api_key', '')]), pythonForm(DETECTION, []),
      `POST ${DETECTION} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`]
    for (const bytes of none) {
      const response = await send(bytes)
      t.equal(response.status, 400)
      t.strictSame(jsonOf(response), { success: false, error: 'No valid image file found', duration: 0 }, 'it goes on by this')
    }
    const image: RawPart = ['Content-Disposition: form-data; name="image"; filename="s.jpg"\r\nContent-Type: image/jpeg', JPEG]
    t.match(jsonOf(await send(pythonForm(DETECTION, [image]))), { success: true, predictions: [{ label: 'person' }, { label: 'tie' }] })
  })
})

t.test('what there is besides', async t => {
  const { app } = await startApp(t)
  const ask = async (method: 'GET' | 'POST', url: string) => (await app.inject({ method, url })).json()
  for (const method of ['GET', 'POST'] as const) {
    t.match(await ask(method, '/v1/vision/custom/list'), { success: true, models: ['nanodet-m-416'], command: 'list', statusData: null })
  }
  for (const base of ['/v1/status', '/v1/server/status']) {
    t.match(await ask('GET', `${base}/ping`), { success: true, message: /^\d+\.\d+\.\d+/ })
    t.match(await ask('GET', `${base}/version`), { success: true, version: { major: Number } })
    t.match(await ask('GET', `${base}/updateavailable`), { success: true, version: null, updateAvailable: false })
  }
  t.match(await ask('GET', '/v1/vision/face'), { success: false, error: /path \/v1\/vision\/face/ })
  const wrongMethod = await app.inject({ method: 'GET', url: DETECTION })
  t.match([wrongMethod.statusCode, wrongMethod.json()], [405, { success: false, error: String }])
})

t.test('errors, as clients survive them', async t => {
  const { send, app } = await serve(t, { MAX_BODY_BYTES: '160000', MAX_PIXELS: '489999' })
  const wrong: Array<[bytes: Buffer, status: number, error: RegExp]> = [
    [frigate(Buffer.from('<html>')), 400, /^invalid image file: /],
    [frigate(photo('sample2.jpg')), 413, /160000/],
    [frigate(JPEG), 413, /700×700/],
    [pythonForm(DETECTION, [field('min_confidence', 'high'), bareImage(JPEG)]), 400, /^Invalid value for min_confidence$/],
    [pythonForm(DETECTION, [field('min_confidence', '45'), bareImage(JPEG)]), 400, /^min_confidence cannot be greater than 1$/]
  ]
  for (const [bytes, status, error] of wrong) {
    const response = await send(bytes)
    t.match([response.status, jsonOf(response)], [status, { success: false, error, duration: 0 }])
    t.same(frigateReads(response), [])
    t.throws(() => pythonReads(response), /status code/)
    t.ok(isWhole(response))
  }
  const { statusCode } = await app.inject({ method: 'POST', url: DETECTION, payload: 'x', headers: { 'content-type': 'multipart/form-data; boundary=B' } })
  t.equal(statusCode, 400)
})

t.test('keys', async t => {
  const { send, app } = await serve(t, { API_KEYS: 'secret' })
  t.equal(frigateReads(await send(frigate(JPEG, 'secret'))).length, 2)
  for (const bytes of [frigate(JPEG), frigate(JPEG, 'wrong'), pythonForm(DETECTION, [bareImage(JPEG)])]) {
    const response = await send(bytes)
    t.equal(response.status, 401)
    t.strictSame(jsonOf(response), { success: false, error: 'Incorrect api key', duration: 0 })
  }
  t.equal(pythonReads(await send(pythonForm(DETECTION, [bareImage(JPEG)], ['Authorization: Bearer secret']))).length, 2)
  t.equal(pythonReads(await send(pythonForm(DETECTION, [field('api_key', 'secret'), bareImage(JPEG)], ['x-api-key: ']))).length, 2, 'an empty header')
  const unsent = 'Host: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: 1000000\r\n\r\n'
  t.equal((await send(Buffer.from(`POST ${DETECTION} HTTP/1.1\r\n${unsent}`))).status, 401, 'no form, no key: its body is not waited for')
  t.equal((await app.inject('/v1/status/ping')).statusCode, 200)
  t.equal((await app.inject('/v1/vision/custom/list')).statusCode, 401)
})

t.test('overload', async t => {
  const { send } = await serve(t, { MAX_QUEUE: '0' })
  const responses = await Promise.all(Array.from({ length: 6 }, () => send(frigate(JPEG))))
  const refused = responses.filter(({ status }) => status === 503)
  t.ok(refused.length > 0 && refused.length < 6)
  for (const response of refused) {
    t.match(jsonOf(response), { success: false, error: String })
    t.ok(Number(response.headers['retry-after']) > 0)
    t.same(frigateReads(response), [])
  }
})
