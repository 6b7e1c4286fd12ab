import t from 'tap'
import { answerOf, BASE64, jsonFromPython, listen, overload, STRICT, TOO_LARGE } from '../../support/client-requests.ts'
import { startApp } from '../../support/server.ts'

const PROJECT = [
  'x-nuclio-project-name: cvat', 'x-nuclio-function-namespace: nuclio', 'x-nuclio-invoke-via: domain-name'
]
const invoke = (body: object, { root = '/nuclio', name = 'nanodet-m-416', more = [] as string[] } = {}) =>
  jsonFromPython(`POST ${root}/api/function_invocations`, body, [
    ...PROJECT, `x-nuclio-function-name: ${name}`, 'x-nuclio-path: /', ...more
  ])
const get = (path: string) => jsonFromPython(`GET ${path}`, null, PROJECT)
const basic = (text: string) => `Authorization: Basic ${Buffer.from(text).toString('base64')}`

/** What CVAT reads of a function, unguarded where it does. */
function asCvat (data: any) {
  const labels: string[] = JSON.parse(data.metadata.annotations.spec).map(({ name }: { name: string }) => name)
  const { metadata: { name: id, annotations: { type, name, framework } }, spec: { description } } = data
  return { id, type, name, framework, labels, description, state: data.status.state, port: data.status.httpPort }
}

t.test('request 13: CVAT\'s list of functions, and their calls', async t => {
  const { send, port, log } = await listen(t)
  for (const root of ['/nuclio', '/nuclio:8070']) {
    const [status, functions] = answerOf(await send(get(`${root}/api/functions`)))
    t.equal(status, 200)
    const read = Object.values(functions).map(asCvat)
    const expected = { id: 'nanodet-m-416', type: 'detector', name: String, framework: String, state: 'ready', port }
    t.match(read, [{ ...expected, description: String }])
    t.equal(new Set(read[0]!.labels).size, 80)
    t.same(asCvat(answerOf(await send(get(`${root}/api/functions/nanodet-m-416`)))[1]), read[0])

    const body = { image: BASE64 }
    for (const bytes of [invoke(body, { root }), jsonFromPython(`POST ${root}/`, body)]) {
      const [status, shapes] = answerOf(await send(bytes))
      t.equal(status, 200)
      t.match(shapes, [{ label: 'person', confidence: 0.8242, type: 'rectangle' }, { label: 'tie' }])
      for (const { points } of shapes) t.ok(points.length === 4 && points.every(Number.isFinite))
    }
  }
  t.match(log.at(-1), { dialect: 'nuclio', status: 200 })
  t.equal(answerOf(await send(invoke({ image: BASE64, threshold: 0.8 })))[1].length, 1)

  for (const [bytes, status, error] of [
    [invoke({ image: BASE64 }, { name: 'yolo' }), 404, /nknown model yolo/],
    [get('/nuclio/api/functions/yolo'), 404, /nknown model yolo/],
    [get('/nuclio/api/projects'), 404, /Unknown path/],
    [invoke({}), 400, /image/],
    [invoke({ image: BASE64, threshold: 'high' }), 400, /threshold/],
    [invoke({ image: 'aGVsbG8=' }), 415, /Cannot decode/]
  ] as const) t.match(answerOf(await send(bytes)), [status, { error }])
})

t.test('keys, limits and overload', async t => {
  const { send } = await listen(t, STRICT)
  t.match(answerOf(await send(invoke({ image: BASE64 }))), [401, { error: String }])
  t.match(answerOf(await send(invoke({ image: BASE64 }, { more: [basic('cvat:wrong')] }))), [401, { error: String }])
  const more = [basic('cvat:secret')]
  const tooLarge = invoke({ image: TOO_LARGE.toString('base64') }, { more })
  t.match(answerOf(await send(tooLarge)), [413, { error: /240000 bytes/ }])
  const refused = await overload(send, invoke({ image: BASE64 }, { more }))
  t.ok(refused.length > 0)
  for (const reply of refused) t.match(answerOf(reply), [503, { error: /overloaded/ }])
})

t.test('before a model is loaded', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const response = await app.inject('/nuclio/api/functions')
  t.match([response.statusCode, response.json()], [503, { error: /still loading/ }])
})
