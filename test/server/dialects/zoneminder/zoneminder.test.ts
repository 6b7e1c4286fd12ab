import t, { type Test } from 'tap'
import { field, jsonOf, pythonForm, pythonPost, type RawPart } from '../../../support/client-bytes.ts'
import { photo } from '../../../support/files.ts'
import { rawRequest, type RawResponse } from '../../../support/raw-request.ts'
import { startApp } from '../../../support/server.ts'

const JPEG = photo('sample-me.jpg')
const DETECT = '/zoneminder/detect'
const file = (bytes: Uint8Array): RawPart =>
  ['Content-Disposition: form-data; name="file"; filename="image.jpg"\r\nContent-Type: image/jpeg', bytes]
const PERSON_ZONE = { name: 'drive', value: [[0, 0], [9, 0], [90, 90]], pattern: '(person|car)', ignore_pattern: null }

async function serve (t: Test, env: Record<string, string> = {}) {
  const { app, log } = await startApp(t, env)
  await app.listen({ port: 0 })
  const { port } = app.server.address() as { port: number }
  return { app, log, send: (bytes: Uint8Array | string) => rawRequest(port, bytes) }
}

/** pyzm's _remote_detect: raise_for_status, then DetectionResult.from_dict. */
function pyzmReads (response: RawResponse) {
  if (response.status >= 400) throw new Error(`${response.status} Client Error`)
  const { labels, boxes, confidences, model_names: models, error_boxes: errors, image_dimensions: dimensions, frame_id: frame } =
    jsonOf(response)
  for (const box of [...boxes, ...errors]) if (box.length !== 4 || !box.every(Number.isInteger)) throw new TypeError('BBox() takes 4 ints')
  const toDetection = (label: string, i: number) => ({ label, box: boxes[i], confidence: confidences[i], model: models[i] })
  return { detections: labels.map(toDetection), errors, dimensions, frame }
}

t.test('what pyzm sends, byte for byte', async t => {
  const { app, send, log } = await serve(t)

  await t.test('an image', async t => {
    const { detections, errors, dimensions, frame } = pyzmReads(await send(pythonForm(DETECT, [file(JPEG)])))
    t.match(detections, [{ label: 'person', confidence: /^0\.8/, model: 'nanodet-m-416' }, { label: 'tie' }])
    t.same(errors, [])
    t.same(dimensions, { original: [700, 700], resized: null })
    t.equal(frame, 'single')
    t.match(log.at(-1), { path: DETECT, dialect: 'zoneminder', objects: 2 })
  })

  await t.test('an image and zones', async t => {
    const { detections, errors } = pyzmReads(await send(pythonForm(DETECT, [field('zones', JSON.stringify([PERSON_ZONE])), file(JPEG)])))
    t.match(detections, [{ label: 'person' }])
    t.equal(errors.length, 1, 'the tie is outside')
    const many = Array.from({ length: 20 }, (_, i) => ({ ...PERSON_ZONE, name: `zone ${i}`.repeat(40) }))
    t.equal(pyzmReads(await send(pythonForm(DETECT, [field('zones', JSON.stringify(many)), file(JPEG)]))).detections.length, 1)
  })

  await t.test('a pattern that would take others for ever', async t => {
    const zones = JSON.stringify([{ ...PERSON_ZONE, pattern: '(.*)*(.*)*(.*)*(.*)*!' }])
    const start = performance.now()
    t.same(pyzmReads(await send(pythonForm(DETECT, [field('zones', zones), file(JPEG)]))).detections, [])
    t.ok(performance.now() - start < 5000)
  })

  await t.test('URLs are refused', async t => {
    const body = JSON.stringify({ urls: [{ frame_id: 'snapshot', url: 'http://127.0.0.1/' }], zm_auth: 'token=x', verify_ssl: false })
    const response = await send(pythonPost('/zoneminder/detect_urls', 'application/json', body))
    t.match([response.status, jsonOf(response)], [400, { detail: /^URLs are not fetched/ }])
  })

  await t.test('what there is besides', async t => {
    t.match((await app.inject('/zoneminder/health')).json(), { status: 'ok', models_loaded: true })
    t.match((await app.inject('/zoneminder/models')).json(), { models: [{ name: 'nanodet-m-416', type: 'object', loaded: true }] })
    t.match((await app.inject('/zoneminder/nope')).json(), { detail: /path \/zoneminder\/nope/ })
  })
})

t.test('errors', async t => {
  const { send } = await serve(t, { MAX_BODY_BYTES: '160000' })
  const wrong: Array<[bytes: Buffer, status: number, detail: RegExp]> = [
    [pythonForm(DETECT, [field('zones', '[]')]), 400, /^Empty file/],
    [pythonForm(DETECT, [file(Buffer.from('<html>'))]), 415, /Cannot decode/],
    [pythonForm(DETECT, [file(JPEG.subarray(0, 9000))]), 422, /damaged/],
    [pythonForm(DETECT, [file(photo('sample2.jpg'))]), 413, /160000/],
    [pythonForm(DETECT, [field('zones', '[{}]'), file(JPEG)]), 400, /^zones: /]
  ]
  for (const [bytes, status, detail] of wrong) {
    const response = await send(bytes)
    t.match([response.status, jsonOf(response)], [status, { detail }])
    t.throws(() => pyzmReads(response), /Client Error/)
  }
})

t.test('a key is a password, and the token', async t => {
  const { send } = await serve(t, { API_KEYS: 'secret' })
  const login = (body: string, type = 'application/json') => send(pythonPost('/zoneminder/login', type, body))
  const token = jsonOf(await login('{"username": "admin", "password": "secret"}')).access_token
  const authorized = pythonForm(DETECT, [file(JPEG)], [`Authorization: Bearer ${token}`])
  t.equal(pyzmReads(await send(authorized)).detections.length, 2)
  const unsent = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n'
  t.equal((await send(Buffer.from(`POST /zoneminder/login HTTP/1.1\r\n${unsent}`))).status, 413, 'so much is not waited for')
  for (const response of [await login('{"username": "admin", "password": "wrong"}'), await login('{}'), await send(pythonForm(DETECT, [file(JPEG)]))]) {
    t.match([response.status, jsonOf(response)], [401, { detail: /^Invalid credentials/ }])
  }
})

t.test('overload', async t => {
  const { send } = await serve(t, { MAX_QUEUE: '0' })
  const responses = await Promise.all(Array.from({ length: 6 }, () => send(pythonForm(DETECT, [file(JPEG)]))))
  const refused = responses.filter(({ status }) => status === 503)
  t.ok(refused.length > 0 && refused.length < 6)
  for (const response of refused) t.match([jsonOf(response), response.headers], [{ detail: String }, { 'retry-after': /^\d+$/ }])
})
