import t from 'tap'
import { sniffFormat } from '../../../../engine/image/sniff.ts'
import {
  answerOf, BASE64, fromPython, jsonFromPython, listen, overload, PHOTO, STRICT, TOO_LARGE
} from '../../../support/client-requests.ts'

const infer = (image: unknown, more: object = {}) => jsonFromPython('POST /roboflow/infer/object_detection', {
  api_key: null, model_id: 'coco/3', visualize_predictions: false, disable_active_learning: false, image, ...more
})
const base64 = (value: string) => ({ type: 'base64', value })
const legacy = (query = '', body = BASE64, id = 'coco/3') =>
  fromPython(`POST /roboflow/${id}${query}`, 'application/json', body)
const labels = (reply: any): string[] => reply.predictions.map(({ class: label }: { class: string }) => label)

t.test('request 8: version 1, as inference_sdk asks', async t => {
  const { send, log } = await listen(t)
  const registered = fromPython('GET /roboflow/model/registry?api_key=None', 'application/json', '')
  const [status, { models }] = answerOf(await send(registered))
  t.equal(status, 200)
  for (const id of ['coco/3', 'nanodet-m-416', 'nanodet-m-416/1']) {
    const found = models.find(({ model_id: other }: { model_id: string }) => other === id)
    t.match(found, { task_type: 'object-detection', batch_size: Number, input_height: 416, input_width: 416 })
  }
  const act = (path: string, value: object) => jsonFromPython(`POST /roboflow/model/${path}`, value)
  const model = { model_id: 'coco/3', api_key: null }
  for (const bytes of [act('add', model), act('add', {}), act('remove', model), act('clear', {})]) {
    t.same(answerOf(await send(bytes)), [200, { models }])
  }
  t.match(answerOf(await send(act('add', { model_id: 'chess/2' }))), [404, { message: /model chess/ }])
  for (const id of [{ toString: 1 }, 'x'.repeat(257)]) {
    t.match(answerOf(await send(act('add', { model_id: id }))), [400, { message: /^model_id: / }])
  }

  const [ok, reply] = answerOf(await send(infer(base64(BASE64))))
  t.equal(ok, 200)
  t.match(reply, { inference_id: String, time: Number, image: { width: 700, height: 700 } })
  t.match(reply.predictions, [
    { x: 371.15, y: 381.7, width: 648.91, height: 633.55, confidence: 0.8242, class: 'person', class_id: 0 },
    { class: 'tie', class_id: 27, detection_id: String }
  ])
  t.match(log.at(-1), { dialect: 'roboflow', status: 200 })
  const [, list] = answerOf(await send(infer([base64(BASE64), base64(PHOTO.toString('base64url'))])))
  t.same(list.map(labels), [['person', 'tie'], ['person', 'tie']], 'a list for a list')

  t.same(labels(answerOf(await send(infer(base64(BASE64), { confidence: 0.75 })))[1]), ['person'])
  t.same(labels(answerOf(await send(infer(base64(BASE64), { class_filter: ['tie'] })))[1]), ['tie'])
  t.same(labels(answerOf(await send(infer(base64(BASE64), { class_filter: [] })))[1]), ['person', 'tie'])
  t.same(labels(answerOf(await send(infer(base64(BASE64), { max_detections: 1, iou_threshold: 0.5 })))[1]), ['person'])
  t.same(labels(answerOf(await send(infer(base64(BASE64), { model_id: 'nanodet-m-416/1' })))[1]), ['person', 'tie'])
  const [, drawn] = answerOf(await send(infer(base64(BASE64), { visualize_predictions: true })))
  t.same(labels(drawn), ['person', 'tie'])
  t.equal(sniffFormat(Buffer.from(drawn.visualization, 'base64')), 'jpeg')

  for (const [bytes, status, message] of [
    [infer(base64('aGVsbG8=')), 415, /Cannot decode/],
    [infer({ type: 'url', value: 'http://10.0.0.1/x.jpg' }), 400, /not fetched/],
    [infer({ type: 'numpy', value: '' }), 400, /base64/],
    [infer(undefined), 400, /image: expected/],
    [infer([]), 400, /image: expected/],
    [infer(base64(BASE64), { visualize_predictions: 'yes' }), 400, /visualize_predictions: /],
    [infer(base64(BASE64), { model_id: 'chess/2' }), 404, /model chess/],
    [infer(base64(BASE64), { class_filter: ['unicorn'] }), 400, /unicorn/],
    [jsonFromPython('POST /roboflow/infer/object_detection', 'text'), 400, /not an object/]
  ] as const) t.match(answerOf(await send(bytes)), [status, { message }])
})

t.test('version 0: base64 that calls itself JSON', async t => {
  const { send } = await listen(t)
  const urlencoded = fromPython('POST /roboflow/coco/3?api_key=None', 'application/x-www-form-urlencoded', BASE64)
  const raw = fromPython('POST /roboflow/coco/3', 'image/jpeg', PHOTO)
  for (const bytes of [legacy(), legacy('?api_key=x&format=json', BASE64, 'nanodet-m-416/1'), urlencoded, raw]) {
    const [status, reply] = answerOf(await send(bytes))
    t.equal(status, 200)
    t.same(labels(reply), ['person', 'tie'])
  }
  const form = Buffer.concat([
    Buffer.from('--B\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'),
    PHOTO,
    Buffer.from('\r\n--B--\r\n')
  ])
  const [, reply] = answerOf(await send(fromPython('POST /roboflow/coco/3', 'multipart/form-data; boundary=B', form)))
  t.same(labels(reply), ['person', 'tie'])
  t.same(labels(answerOf(await send(legacy('?confidence=75&overlap=50')))[1]), ['person'], 'percent')
  t.same(labels(answerOf(await send(legacy('?confidence=0.75&max_detections=5')))[1]), ['person'], 'a fraction')

  const picture = await send(legacy('?format=image'))
  t.equal(picture.headers['content-type'], 'image/jpeg')
  t.equal(sniffFormat(picture.body), 'jpeg')
  t.equal(sniffFormat(Buffer.from(answerOf(await send(legacy('?format=image_and_json')))[1].visualization, 'base64')), 'jpeg')

  for (const [bytes, status, message] of [
    [legacy('', ''), 400, /no body/],
    [legacy('', '{"image":1}'), 400, /body: expected base64/],
    [legacy('', 'aGVsbG8='), 415, /Cannot decode/],
    [legacy('?confidence=high'), 400, /confidence/],
    [legacy('?format=gif'), 400, /format: /],
    [legacy('?image=http://10.0.0.1/x.jpg'), 400, /not fetched/],
    [legacy('', BASE64, 'chess/2'), 404, /model chess/]
  ] as const) t.match(answerOf(await send(bytes)), [status, { message }])
})

t.test('keys, limits and overload', async t => {
  const { send } = await listen(t, STRICT)
  const withKey = (key: unknown) => infer(base64(BASE64), { api_key: key })
  for (const key of ['wrong', null, 'None', 7]) {
    t.match(answerOf(await send(withKey(key))), [401, { message: String }], String(key))
  }
  t.match(answerOf(await send(legacy())), [401, { message: String }])
  t.match(answerOf(await send(withKey('secret'))), [200, { predictions: Array }])
  t.match(answerOf(await send(legacy('?api_key=secret'))), [200, { predictions: Array }])
  const tooLarge = legacy('?api_key=secret', TOO_LARGE.toString('base64'))
  t.match(answerOf(await send(tooLarge)), [413, { message: /240000 bytes/ }])
  const refused = await overload(send, withKey('secret'))
  t.ok(refused.length > 0)
  for (const reply of refused) t.match(answerOf(reply), [503, { message: /overloaded/ }])
})
