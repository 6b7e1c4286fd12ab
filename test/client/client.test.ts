import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { NanodetClient } from '../../client/index.ts'
import { CLASSIFIER_JSON, safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../support/model-files.ts'
import { source } from '../support/files.ts'
import { importsIn } from '../support/import-graph.ts'
import { startApp } from '../support/server.ts'
import { STREET, STREET_LABELS } from '../support/street.ts'

const labelsOf = ({ detections }: { detections: ReadonlyArray<{ label: string }> }) => detections.map(({ label }) => label)
const DATA_URL = `data:image/jpeg;base64,${STREET.toString('base64')}`

/** A server that gives these answers, one after the other. */
async function startStub (t: Test, answers: ReadonlyArray<[status: number, headers: Record<string, string>, body: string]>) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    const [status, headers, body] = answers[Math.min(requests.length, answers.length) - 1]!
    request.resume()
    response.writeHead(status, headers).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

const OVERLOADED = JSON.stringify({ statusCode: 503, code: 'OVERLOADED', error: 'Service Unavailable', message: 'later' })
const MODELS = JSON.stringify({ models: [] })

t.test('needs nothing at run time', async t => {
  for (const file of ['index', 'client', 'api-error', 'types']) {
    for (const name of importsIn(source(`client/${file}.ts`), { types: false })) t.match(name, /^\.\/[a-z-]+\.ts$/)
  }
})

t.test('against the real server', async t => {
  const modelsDir = t.testdir({
    'kinds.json': CLASSIFIER_JSON,
    'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict)
  })
  const { app } = await startApp(t, { API_KEYS: 'k', MODELS_DIR: modelsDir, FEEDBACK_DIR: mkdtempSync(join(modelsDir, 'feedback-')) })
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const client = new NanodetClient(`${base}/`, { apiKey: 'k' })

  t.test('detect takes bytes, blobs and URLs', async t => {
    for (const image of [STREET, Uint8Array.from(STREET).buffer, new Blob([STREET], { type: 'image/jpeg' }), DATA_URL, new URL(DATA_URL)]) {
      t.same(labelsOf(await client.detect(image)), STREET_LABELS)
    }
    const some = await client.detect(STREET, { classes: ['bus', 'stop sign'], score_threshold: 0.7, model: undefined })
    t.same(labelsOf(some), ['stop sign'])
    t.equal(some.detections[0]?.class_id, 11)
    const { features } = await client.detect(STREET, { features: ['stage4'] })
    t.same(features?.map(({ alias, shape }) => [alias, shape]), [['stage4', [1, 464, 13, 13]]])
  })

  t.test('a batch has errors in the place of images', async t => {
    const results = await client.detectBatch([STREET, STREET.subarray(0, 999)], { max_detections: 1 })
    t.match(results, [{ detections: [{ label: 'stop sign' }] }, { error: { code: 'CORRUPT_IMAGE' } }])
  })

  t.test('a picture', async t => {
    const picture = await client.draw(STREET)
    t.equal(picture.type, 'image/jpeg')
    t.ok(picture.size > 10_000)
  })

  t.test('features and classes', async t => {
    const { layers } = await client.features(STREET, { layers: 'p5', values: true })
    t.equal(layers[0]?.values?.length, 96 * 13 * 13)
    const npz = new Uint8Array(await client.featuresNpz(STREET, { layers: ['p5'] }))
    t.equal(String.fromCharCode(npz[0]!, npz[1]!), 'PK')
    t.equal((await client.classify(STREET, { top_k: 2 })).classes.length, 2)
  })

  t.test('explanations', async t => {
    const { detections, candidates, cells, region } = await client.explain(STREET)
    t.same(detections.map(({ label }) => label), STREET_LABELS)
    t.equal(candidates.filter(({ state }) => state === 'kept').length, detections.length)
    t.ok(candidates.every(({ cell }) => cells[cell]?.input_box.length === 4))
    t.equal(region, undefined)
    const explained = await client.explain(STREET, { region: [80, 120, 200, 240], label: 'stop sign', classes: ['stop sign', 'bus'] })
    t.match(explained.region, { box: [80, 120, 200, 240], verdict: { kind: 'found', label: 'stop sign' } })
  })

  t.test('feedback', async t => {
    const { detections } = await client.detect(STREET)
    const stored = await client.feedback(STREET, detections, { model: 'nanodet-m-416' })
    t.match(stored, { image: { width: 960, height: 640 }, boxes: 3, replaced: false })
    t.match(await client.feedback(stored.hash, []), { hash: stored.hash, boxes: 0, replaced: true })
  })

  t.test('what the server has', async t => {
    t.match(await client.models(), [{ name: 'nanodet-m-416', state: 'ready' }, { name: 'kinds', task: 'classify' }])
    t.ok((await client.layers('nanodet-m-416')).some(({ alias }) => alias === 'p3'))
    t.equal((await client.summary('nanodet-m-416')).totals.parameters, 950_036)
    t.match(await client.profile('nanodet-m-416', { runs: 1 }), { model: 'nanodet-m-416', runs: 1, layers: [{ name: 'backbone' }] })
    t.same(await client.health(), { ready: true })
  })

  t.test('errors have the server\'s code', async t => {
    await t.rejects(client.detect(Buffer.from('hello')), { name: 'NanodetApiError', code: 'UNSUPPORTED_IMAGE', statusCode: 415, requestId: /./ })
    await t.rejects(new NanodetClient(base).models(), { code: 'UNAUTHORIZED', statusCode: 401 })
    await t.rejects(client.layers('a/b'), { code: 'MODEL_NOT_FOUND', message: /a\/b/ })
  })
})

t.test('an overloaded server is asked again only on request', async t => {
  const busy: [number, Record<string, string>, string] = [503, { 'retry-after': '0' }, OVERLOADED]
  const { url, requests } = await startStub(t, [busy, busy, [200, {}, MODELS]])
  await t.rejects(new NanodetClient(url).models(), { code: 'OVERLOADED', statusCode: 503, retryAfter: 0 })
  t.same(await new NanodetClient(url, { retries: 1 }).models(), [])
  t.equal(requests.length, 3)
  const { url: always } = await startStub(t, [busy])
  await t.rejects(new NanodetClient(always, { retries: 2 }).models(), { code: 'OVERLOADED' })
  const { url: never } = await startStub(t, [[503, {}, 'no']])
  await t.rejects(new NanodetClient(never, { retries: 2 }).models(), { code: 'HTTP_ERROR', retryAfter: undefined })
})

t.test('the wait for a retry ends with the signal, and with the timeout', async t => {
  const { url } = await startStub(t, [[503, { 'retry-after': '60' }, OVERLOADED]])
  const controller = new AbortController()
  const models = new NanodetClient(url, { retries: 1, signal: controller.signal }).models()
  setTimeout(() => controller.abort(new Error('enough')), 50)
  await t.rejects(models, { message: 'enough' })
  await t.rejects(new NanodetClient(url, { retries: 1, timeout: 50 }).models(), { name: 'TimeoutError' })
  await t.rejects(new NanodetClient(url, { signal: controller.signal }).models(), { message: 'enough' })
  await t.rejects(new NanodetClient(url).models({ signal: controller.signal }), { message: 'enough' })
})

t.test('answers that are not the server\'s', async t => {
  const { url } = await startStub(t, [[502, {}, '<html>Bad Gateway</html>'], [404, {}, '{"code":1}'], [500, {}, '']])
  const client = new NanodetClient(url)
  await t.rejects(client.models(), { code: 'HTTP_ERROR', statusCode: 502, message: 'The server answered 502: <html>Bad Gateway</html>' })
  await t.rejects(client.detect(`${url}/photo.jpg`), { code: 'HTTP_ERROR', statusCode: 404, message: `${url}/photo.jpg: answered 404` })
  await t.rejects(client.models(), { message: 'The server answered 500: nothing' })
  const { url: unready } = await startStub(t, [[503, {}, JSON.stringify({ code: 'NOT_READY', message: 'still loading' })]])
  t.same(await new NanodetClient(unready).health(), { ready: false, problem: 'still loading' })
})

t.test('a page instead of JSON', async t => {
  const { url } = await startStub(t, [[200, { 'content-type': 'text/html' }, '<html>Log in</html>'], [200, {}, '']])
  const client = new NanodetClient(url)
  await t.rejects(client.models(), {
    name: 'NanodetApiError', code: 'HTTP_ERROR', statusCode: 200, message: 'The server answered 200 without JSON: <html>Log in</html>'
  })
  await t.rejects(client.detect(STREET), { code: 'HTTP_ERROR', message: 'The server answered 200 without JSON: nothing' })
})

t.test('a body that is cut', async t => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(request.url === '/models' ? 200 : 500, { 'content-length': '999' }).write('{')
    setTimeout(() => response.destroy(), 50)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = new NanodetClient(url)
  const calls: Array<() => Promise<unknown>> = [() => client.models(), () => client.draw(STREET), () => client.detect(`${url}/models`)]
  for (const call of calls) {
    await t.rejects(call(), { name: 'NanodetApiError', code: 'NETWORK_ERROR', statusCode: 0 })
  }
})

t.test('a wait of months does not end at once, and no retries means none', async t => {
  const { url, requests } = await startStub(t, [[503, { 'retry-after': '99999999' }, OVERLOADED]])
  await t.rejects(new NanodetClient(url, { retries: 5, timeout: 200 }).models(), { name: 'TimeoutError' })
  t.equal(requests.length, 1)
  await t.rejects(new NanodetClient(url, { retries: -1 }).models(), { code: 'OVERLOADED' })
})

t.test('no answer at all', async t => {
  const client = new NanodetClient('http://127.0.0.1:1')
  await t.rejects(client.models(), { code: 'NETWORK_ERROR', statusCode: 0, message: /^http:\/\/127\.0\.0\.1:1\/models: .*(ECONNREFUSED|bad port)/ })
  t.match(await client.health(), { ready: false })
  const failing = new NanodetClient('http://x', { fetch: async () => { throw new TypeError('') } })
  await t.rejects(failing.models(), { code: 'NETWORK_ERROR', message: 'http://x/models: no answer' })
  await t.rejects(failing.health({ signal: AbortSignal.abort(new Error('enough')) }), { message: 'enough' })
})
