import t from 'tap'
import { startApp } from '../../../support/server.ts'
import {
  answerOf, BASE64, jsonFromPython, listen, overload, STRICT, TOO_LARGE
} from '../../../support/client-requests.ts'

const CONFIG = `<View><Image name="image" value="$image"/><RectangleLabels name="label" toName="image">
  <Label value="Person" background="green"/><Label value="Necktie" predicted_values="tie"/></RectangleLabels></View>`
const task = (image: unknown, id = 1) => ({ id, data: { image } })
const DATA_URL = `data:image/jpeg;base64,${BASE64}`
const COMMON = {
  model_version: 'nanodet-m-416',
  project: '1.1700000000',
  label_config: CONFIG,
  params: { login: null, password: null, context: null }
}
const predict = (tasks: unknown, more: object = {}, headers: string[] = []) =>
  jsonFromPython('POST /label-studio/predict', { tasks, ...COMMON, ...more }, headers)
const basic = (text: string) => [`Authorization: Basic ${Buffer.from(text).toString('base64')}`]
const post = (path: string, value: object = {}) => jsonFromPython(`POST /label-studio/${path}`, value)

t.test('request 12: an ML backend', async t => {
  const { send, log } = await listen(t)
  for (const path of ['/label-studio', '/label-studio/', '/label-studio/health']) {
    t.match(answerOf(await send(jsonFromPython(`GET ${path}`, null))), [200, { status: 'UP' }])
  }
  const access = { hostname: 'http://localhost:8081', access_token: 'x' }
  const setup = post('setup', { project: '1.1700000000', schema: CONFIG, ...access })
  t.match(answerOf(await send(setup)), [200, { model_version: 'nanodet-m-416' }])
  for (const path of ['train', 'webhook']) {
    t.same(answerOf(await send(post(path, { action: 'ANNOTATION_CREATED' }))), [201, {}])
  }

  const [status, reply] = answerOf(await send(predict([task(DATA_URL)])))
  t.equal(status, 200)
  t.equal(reply.model_version, 'nanodet-m-416')
  t.match(reply.results, [{
    score: Number,
    result: [
      { from_name: 'label', to_name: 'image', type: 'rectanglelabels', value: { rectanglelabels: ['Person'] } },
      { value: { rectanglelabels: ['Necktie'] } }
    ]
  }])
  for (const { value: { x, y, width, height } } of reply.results[0].result) {
    t.ok([x, y, width, height, x + width, y + height].every(value => value >= 0 && value <= 100))
  }
  t.match(log.at(-1), { dialect: 'label-studio', status: 200 })
})

t.test('a task that has no image of its own does not lose the others', async t => {
  const { send } = await listen(t)
  const bad = ['/data/upload/1/cat.jpg', 's3://photos/cat.jpg', undefined, 'data:image/jpeg;base64,aGVsbG8=']
    .map(image => task(image))
  const [status, { results }] = answerOf(await send(predict([...bad, task(DATA_URL)])))
  t.equal(status, 200)
  t.equal(results.length, 5, 'one for each task')
  for (const { result, score, error } of results.slice(0, 4)) {
    t.match([result.length, score, error], [0, 0, /URL|Cannot decode/])
  }
  t.equal(results[4].result.length, 2)
  t.same(answerOf(await send(predict([])))[1].results, [])

  for (const [bytes, status, error] of [
    [predict(bad), 415, /not fetched from URLs/],
    [predict([task(DATA_URL)], { label_config: '<View/>' }), 400, /RectangleLabels/],
    [predict([task(DATA_URL)], { label_config: null }), 400, /label_config/],
    [predict('all'), 400, /tasks/],
    [post('validate'), 404, /Unknown path/]
  ] as const) t.match(answerOf(await send(bytes)), [status, { error }])
})

t.test('keys, limits and overload', async t => {
  const { send } = await listen(t, STRICT)
  t.match(answerOf(await send(predict([task(DATA_URL)]))), [401, { error: String }])
  t.match(answerOf(await send(predict([task(DATA_URL)], {}, basic('user:secret')))), [200, { results: Array }])
  const tooLarge = predict([task(TOO_LARGE.toString('base64'))], {}, basic('secret:'))
  t.match(answerOf(await send(tooLarge)), [413, { error: /240000 bytes/ }])
  const refused = await overload(send, predict([task(DATA_URL)], {}, basic('user:secret')))
  t.ok(refused.length > 0)
  for (const reply of refused) t.match(answerOf(reply), [503, { error: /overloaded/ }])
})

t.test('before a model is loaded', async t => {
  const { app } = await startApp(t, {}, { load: false })
  for (const request of [{ url: '/label-studio/health' }, { url: '/label-studio/setup', method: 'POST' as const }]) {
    t.equal((await app.inject(request)).statusCode, 503)
  }
})
