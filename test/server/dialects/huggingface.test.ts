import t from 'tap'
import {
  answerOf, BASE64, listen, overload, PHOTO, requestOf, STRICT, TOO_LARGE
} from '../../support/client-requests.ts'

/** As Node's fetch sends an ArrayBuffer for @huggingface/inference: without a Content-Type. */
const fromClient = (body: Uint8Array, { path = '/huggingface', token = 'undefined', type = '' } = {}) => requestOf([
  `POST ${path} HTTP/1.1`, 'host: 127.0.0.1:8080', 'connection: keep-alive', `Authorization: Bearer ${token}`,
  'User-Agent: @huggingface/inference/4.13.30 Node.js/20', 'accept: */*', 'accept-language: *', 'sec-fetch-mode: cors',
  'accept-encoding: gzip, deflate', ...type ? [`content-type: ${type}`] : []
], body)

const fromPython = (value: unknown) => fromClient(Buffer.from(JSON.stringify(value)), { type: 'application/json' })

/** What the client checks before it hands the reply on. */
const isAccepted = (reply: any): boolean => Array.isArray(reply) && reply.every(({ label, score, box }) =>
  typeof label === 'string' && typeof score === 'number' &&
  ['xmin', 'ymin', 'xmax', 'ymax'].every(side => Number.isInteger(box[side])))

t.test('request 10: an image of any type, as its bytes', async t => {
  const { send, log } = await listen(t)
  for (const how of [{}, { type: 'image/jpeg' }, { path: '/huggingface/models/nanodet-m-416' }]) {
    const [status, found] = answerOf(await send(fromClient(PHOTO, how)))
    t.equal(status, 200)
    t.ok(isAccepted(found))
    const person = { score: 0.8242, label: 'person', box: { xmin: 47, ymin: 65, xmax: 696, ymax: 698 } }
    t.match(found, [person, { label: 'tie' }])
  }
  t.match(log.at(-1), { dialect: 'huggingface', status: 200 })

  const [, strong] = answerOf(await send(fromPython({ inputs: BASE64, parameters: { threshold: 0.8 } })))
  t.match(strong, [{ label: 'person' }])
  t.equal(strong.length, 1)
  const [, all] = answerOf(await send(fromPython({ inputs: BASE64 })))
  t.equal(all.length, 2)

  for (const [bytes, status, error] of [
    [fromClient(Buffer.from('hello')), 415, /Cannot decode/],
    [fromClient(Buffer.alloc(0)), 400, /empty/],
    [fromClient(PHOTO.subarray(0, 9000)), 422, /damaged/],
    [fromClient(PHOTO, { path: '/huggingface/models/detr' }), 404, /nknown model detr/],
    [fromClient(PHOTO, { path: '/huggingface/other' }), 404, /Unknown path/],
    [fromPython({ inputs: 'https://example.org/cat.jpg' }), 400, /not fetched/],
    [fromPython({ parameters: {} }), 400, /inputs/],
    [fromPython({ inputs: BASE64, parameters: { threshold: 7 } }), 400, /parameters\.threshold/]
  ] as const) t.match(answerOf(await send(bytes)), [status, { error }])
})

t.test('keys, limits, and no 503, which the client would repeat without a pause', async t => {
  const { send } = await listen(t, STRICT)
  t.match(answerOf(await send(fromClient(PHOTO))), [401, { error: String }])
  t.match(answerOf(await send(fromClient(TOO_LARGE, { token: 'secret' }))), [413, { error: /240000 bytes/ }])
  const refused = await overload(send, fromClient(PHOTO, { token: 'secret' }))
  t.ok(refused.length > 0)
  for (const reply of refused) {
    t.match(answerOf(reply), [429, { error: /overloaded/ }])
    t.match(reply.headers['retry-after'], /^\d+$/)
  }
})
