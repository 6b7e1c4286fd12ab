import sharp from 'sharp'
import t, { type Test } from 'tap'
import { jsonOf, pythonPost } from '../../../support/client-bytes.ts'
import { photo } from '../../../support/files.ts'
import { rawRequest, type RawResponse } from '../../../support/raw-request.ts'
import { startApp } from '../../../support/server.ts'

interface Detection { confidence: number, top: number, left: number, bottom: number, right: number, label: string }

const JPEG = photo('sample-me.jpg')
const BASE64 = JPEG.toString('base64')
/** As Python's json.dumps spaces it. */
const body = (detect = '{"*": 0.0}', more = '"id": ""', data = BASE64): string =>
  `{"data": "${data}", "detector_name": "default", "detect": ${detect}, ${more}}`
const post = (path: string, text: string, headers: readonly string[] = []): Buffer => pythonPost(path, 'application/json', text, headers)
const detect = (...given: Parameters<typeof body>): Buffer => post('/doods/detect', body(...given))

async function serve (t: Test, env: Record<string, string> = {}) {
  const { app, log } = await startApp(t, env)
  await app.listen({ port: 0 })
  const { port } = app.server.address() as { port: number }
  return { app, log, send: (bytes: Uint8Array | string) => rawRequest(port, bytes) }
}

/** Home Assistant: an `error` of any value is one; then the areas' comparisons, with an area of the whole image. */
function homeAssistantReads (response: RawResponse): string[] {
  if (response.status >= 400) throw new Error(`${response.status} Client Error`) // pydoods
  const reply = jsonOf(response)
  if ('error' in reply) throw new Error(reply.error)
  return reply.detections.flatMap(({ confidence, top, left, bottom, right, label }: Detection) => {
    if (typeof confidence !== 'number') throw new TypeError('confidence')
    return top < 0 || left < 0 || bottom > 1 || right > 1 ? [] : [label]
  })
}

t.test('what pydoods sends, byte for byte', async t => {
  const { send, log } = await serve(t)

  await t.test('at start', async t => {
    const response = await send('GET /doods/detectors HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: python-requests/2.34.2\r\n\r\n')
    const { detectors } = jsonOf(response)
    t.match(detectors, [{ name: 'default', model: 'nanodet-m-416', width: 0, height: 0 }, { name: 'nanodet-m-416' }])
    t.ok(detectors[0].labels.includes('person'))
  })

  await t.test('an image', async t => {
    const response = await send(detect())
    t.same(homeAssistantReads(response), ['person', 'tie'], 'a confidence of 0 is the default')
    t.match(jsonOf(response), { detections: [{ confidence: /^82\./, left: /^0\.0/, right: /^0\.9/ }, {}] })
    t.notOk('id' in jsonOf(response) || 'image' in jsonOf(response))
    t.match(log.at(-1), { path: '/doods/detect', dialect: 'doods', objects: 2 })
    t.same(homeAssistantReads(await send(detect('{"tie": 50, "person": 90}'))), ['tie'])
    t.same(homeAssistantReads(await send(detect('{}'))), [])
  })

  await t.test('more than Home Assistant sends', async t => {
    t.match(jsonOf(await send(detect('{"*": 50}', '"id": "x"'))), { id: 'x' })
    const region = '{"id": "r", "top": 0, "left": 0, "bottom": 0.5, "right": 1, "detect": {"*": 50}, "covers": false}'
    t.match(jsonOf(await send(detect('{}', `"regions": [${region}]`))).detections, [{ label: 'person', region_id: 'r' }])
    const named = post('/doods/detect', `{"data": "data:image/jpeg;base64,${BASE64}", "detector_name": "nanodet-m-416", "detect": {"*": 50}}`)
    t.same(homeAssistantReads(await send(named)), ['person', 'tie'])
  })

  await t.test('drawings', async t => {
    const jpeg = await send(post('/doods/image', body('{"*": 50}')))
    t.equal(jpeg.headers['content-type'], 'image/jpeg')
    t.match(await sharp(jpeg.body).metadata(), { format: 'jpeg', width: 700, height: 700 })
    const { image, detections } = jsonOf(await send(detect('{"tie": 50}', '"image": ".png"')))
    t.match(await sharp(Buffer.from(image, 'base64')).metadata(), { format: 'png', width: 700 })
    t.match(detections, [{ label: 'tie' }])
    const mixed = await send(post('/doods/image', body('{"person": 60, "*": 50}')))
    t.match([mixed.status, jsonOf(mixed)], [400, { error: /a confidence for each label/ }])
  })
})

t.test('errors', async t => {
  const { send, app } = await serve(t, { MAX_BODY_BYTES: '300000' })
  const wrong: Array<[bytes: Buffer, status: number, error: RegExp]> = [
    [post('/doods/detect', '{"data": "", "detector_name": "yolo"}'), 400, /^unknown detector name: yolo$/],
    [detect(undefined, undefined, ''), 400, /empty/],
    [detect(undefined, undefined, 'http://127.0.0.1/a.jpg'), 400, /URLs are not fetched/],
    [detect(undefined, undefined, Buffer.from('<html>').toString('base64')), 400, /Cannot decode/],
    [detect(undefined, undefined, BASE64.slice(0, 8000)), 400, /damaged/],
    [detect('{"*": 200}'), 400, /^detect\.\*: /],
    [detect('{"*": 50}', '"preprocess": ["grayscale"]'), 400, /preprocessing is not supported/],
    [post('/doods/detect', '{'), 400, /not JSON/],
    [post('/doods/detect', '{}'), 400, /^data: /],
    [detect(undefined, undefined, photo('sample6.jpg').toString('base64')), 413, /300000/]
  ]
  for (const [bytes, status, error] of wrong) {
    const response = await send(bytes)
    t.match([response.status, jsonOf(response)], [status, { error }])
    t.throws(() => homeAssistantReads(response), /Client Error/)
  }
  t.match((await app.inject('/doods/nope')).json(), { error: /path \/doods\/nope/ })
})

t.test('while models are loaded', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const responses = [await app.inject('/doods/detectors'), await app.inject({ method: 'POST', url: '/doods/detect', payload: body() })]
  for (const response of responses) t.match([response.statusCode, response.json()], [503, { error: /still loading/ }])
})

t.test('keys', async t => {
  const { send } = await serve(t, { API_KEYS: 'secret' })
  t.same(homeAssistantReads(await send(post('/doods/detect', body(), ['doods-auth-key: secret']))), ['person', 'tie'])
  t.equal((await send(post('/doods/detect', body(), ['x-api-key: secret']))).status, 200)
  for (const headers of [[], ['doods-auth-key: wrong'], ['doods-auth-key: ']]) {
    const response = await send(post('/doods/detect', body(), headers))
    t.match([response.status, jsonOf(response)], [401, { error: String }])
  }
})

t.test('overload', async t => {
  const { send } = await serve(t, { MAX_QUEUE: '0' })
  const responses = await Promise.all(Array.from({ length: 6 }, () => send(detect())))
  const refused = responses.filter(({ status }) => status === 503)
  t.ok(refused.length > 0 && refused.length < 6)
  for (const response of refused) t.match([jsonOf(response), response.headers], [{ error: String }, { 'retry-after': /^\d+$/ }])
})
