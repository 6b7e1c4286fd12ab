import t from 'tap'
import { startApp } from '../../support/server.ts'
import {
  answerOf, BASE64, listen, overload, PHOTO, requestOf, STRICT, TOO_LARGE
} from '../../support/client-requests.ts'

const HEAD = ['POST /invocations HTTP/1.1', 'Host: 127.0.0.1:8080', 'Accept: */*']
const invoke = (body: Uint8Array | string, type: string, more: readonly string[] = []) =>
  requestOf([...HEAD, `Content-Type: ${type}`, ...more], body)
const json = (value: unknown, more?: readonly string[]) => invoke(JSON.stringify(value), 'application/json', more)
const PING = requestOf(['GET /ping HTTP/1.1', 'Host: 127.0.0.1:8080'])

t.test('GET /ping and POST /invocations', async t => {
  const { send, log } = await listen(t)
  t.match(answerOf(await send(PING)), [200, { status: 'Healthy' }])
  const one = { model: 'nanodet-m-416', detections: [{ label: 'person', score: 0.8242 }, { label: 'tie' }] }
  const raw = ['application/x-image', 'application/octet-stream'].map(type => invoke(PHOTO, type))
  for (const bytes of [...raw, json({ image: BASE64 })]) {
    t.match(answerOf(await send(bytes)), [200, one])
  }
  t.match(log.at(-1), { dialect: 'sagemaker', path: '/invocations', status: 200 })
  const bad = { error: { code: 'UNSUPPORTED_IMAGE' } }
  t.match(answerOf(await send(json({ images: [BASE64, 'aGVsbG8='] }))), [200, { predictions: [one, bad] }])
  const instances = [{ b64: 'aGVsbG8=' }, { b64: BASE64 }]
  t.match(answerOf(await send(json({ instances }))), [200, { predictions: [bad, one] }])
  const [, strong] = answerOf(await send(json({ instances: [{ b64: BASE64 }], score_threshold: 0.8 })))
  t.equal(strong.predictions[0].detections.length, 1)

  for (const [bytes, status, code] of [
    [invoke('hello', 'text/plain'), 415, 'UNSUPPORTED_IMAGE'],
    [invoke('', 'application/x-image'), 400, 'EMPTY_BODY'],
    [json({ instances: [{}] }), 400, 'INVALID_PARAMETER'],
    [json({ instances: [{ b64: BASE64 }], features: 'stage4' }), 400, 'INVALID_PARAMETER'],
    [json({ instances: [{ b64: BASE64 }], model: 'yolo' }), 404, 'MODEL_NOT_FOUND'],
    [json({}), 400, 'EMPTY_BODY']
  ] as const) t.match(answerOf(await send(bytes)), [status, { code }])
})

t.test('keys, limits and overload', async t => {
  const { send } = await listen(t, STRICT)
  t.match(answerOf(await send(PING)), [200, {}], 'SageMaker has no key to show')
  t.match(answerOf(await send(invoke(PHOTO, 'image/jpeg'))), [401, { code: 'UNAUTHORIZED' }])
  const key = ['x-api-key: secret']
  t.match(answerOf(await send(invoke(TOO_LARGE, 'image/jpeg', key))), [413, { code: 'BODY_TOO_LARGE' }])
  const refused = await overload(send, invoke(PHOTO, 'image/jpeg', key))
  t.ok(refused.length > 0)
  for (const reply of refused) t.match(answerOf(reply), [503, { code: 'OVERLOADED' }])
})

t.test('before a model is loaded', async t => {
  const { app } = await startApp(t, {}, { load: false })
  t.equal((await app.inject('/ping')).statusCode, 503)
})
