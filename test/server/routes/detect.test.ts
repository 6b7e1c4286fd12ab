import t from 'tap'
import sharp from 'sharp'
import { fixture, photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

interface Found { label: string, class_id: number, score: number, box: { x1: number, y1: number, x2: number, y2: number } }
type Corners = [x1: number, y1: number, x2: number, y2: number]
interface Reference { width: number, height: number, detections: Array<{ label: string, score: number, box: Corners }> }
const references: Record<string, Reference> = fixture('nanodet-m-416.json').photos.images

t.test('POST /detect', async t => {
  const { app, log } = await startApp(t)
  const post = async (payload: Buffer, query = '') => app.inject({
    method: 'POST', url: `/detect${query}`, payload, headers: { 'content-type': 'application/octet-stream' }
  })
  const detections = async (payload: Buffer, query = ''): Promise<Found[]> => (await post(payload, query)).json().detections

  for (const [path, { width, height, detections: expected }] of Object.entries(references)) {
    t.test(`finds in ${path} what upstream finds`, async t => {
      const response = await post(photo(path.replace('assets/', '')), '?score_threshold=0.3')
      t.same(response.json().image, { width, height })
      const found: Found[] = response.json().detections
      for (const { label, score, box } of expected.filter(({ score }) => score >= 0.45)) {
        const match = found.find(other => other.label === label && overlap(box, other.box) > 0.95)
        t.ok(match && Math.abs(match.score - score) < 0.05, `${label} ${score}`)
      }
    })
  }

  await t.test('the reply', async t => {
    const response = await post(photo('sample-me.jpg'))
    t.equal(response.statusCode, 200)
    t.match(response.json(), {
      model: 'nanodet-m-416',
      image: { width: 700, height: 700 },
      detections: [{ label: 'person', class_id: 0, score: /^0\.8/ }, { label: 'tie', class_id: 27, score: /^0\.7/ }],
      timing: { decode_ms: Number, preprocess_ms: Number, inference_ms: Number, postprocess_ms: Number, total_ms: Number }
    })
    const { total_ms: total, ...steps } = response.json().timing as Record<string, number>
    t.ok(total! >= Object.values(steps).reduce((a, b) => a + b, 0) * 0.99)
    t.match(log.at(-1), { path: '/detect', status: 200, model: 'nanodet-m-416', image: { width: 700 }, objects: 2, times: { queue: Number, inference: Number } })
  })

  await t.test('parameters narrow what is found', async t => {
    const image = photo('sample-me.jpg')
    const labels = async (query: string) => (await detections(image, query)).map(({ label }) => label)
    t.same(await labels('?score_threshold=0.75'), ['person'])
    t.same(await labels('?classes=tie,%20dog'), ['tie'])
    t.same(await labels('?max_detections=1'), ['person'])
    t.same(await labels('?model=nanodet-m-416'), ['person', 'tie'])
    const crowded = await detections(image, '?score_threshold=0.1&iou_threshold=1')
    t.ok(crowded.length > 10, 'without suppression, one object is found many times')
    t.same(crowded.map(({ score }) => score), crowded.map(({ score }) => score).toSorted((a, b) => b - a))
  })

  await t.test('boxes lie on the photo as displayed', async t => {
    const turned = await sharp(photo('sample1.jpg')).rotate(90).withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toBuffer()
    const [upright, fromTurned] = [await detections(photo('sample1.jpg')), await detections(turned)]
    t.equal(fromTurned.length, upright.length)
    for (const [i, { label, box }] of upright.entries()) {
      t.equal(fromTurned[i]!.label, label)
      t.ok(overlap([box.x1, box.y1, box.x2, box.y2], fromTurned[i]!.box) > 0.95)
    }
  })

  await t.test('parameters that make no sense are named', async t => {
    const cases: Array<[query: string, message: RegExp]> = [
      ['?score_threshold=2', /score_threshold/], ['?score_threshold=', /score_threshold/], ['?iou_threshold=x', /iou_threshold/],
      ['?max_detections=0.5', /max_detections/], ['?classes=person,unicorn', /classes.*unicorn/], ['?classes=,', /classes/], ['?threshold=1', /threshold/]
    ]
    for (const [query, message] of cases) {
      t.match((await post(photo('sample-me.jpg'), query)).json(), { statusCode: 400, code: 'INVALID_PARAMETER', message }, query)
    }
    t.match((await post(photo('sample-me.jpg'), '?model=yolo')).json(), { statusCode: 404, code: 'MODEL_NOT_FOUND', message: /yolo/ })
  })

  await t.test('images that cannot be used', async t => {
    const image = photo('sample-me.jpg')
    t.match((await post(Buffer.from('GIF is a format'))).json(), { statusCode: 415, code: 'UNSUPPORTED_IMAGE' })
    t.match((await post(image.subarray(0, 10_000))).json(), { statusCode: 422, code: 'CORRUPT_IMAGE' })
    t.match((await post(Buffer.alloc(0))).json(), { statusCode: 400, code: 'EMPTY_BODY' })
    t.match(await detections(image), [{ label: 'person' }, { label: 'tie' }], 'and all is well after them')
  })
})

t.test('limits', async t => {
  const { app } = await startApp(t, { MAX_PIXELS: '489999', MAX_BODY_BYTES: '160000' })
  const post = (payload: Buffer) => app.inject({ method: 'POST', url: '/detect', payload, headers: { 'content-type': 'image/jpeg' } })
  t.match((await post(photo('sample-me.jpg'))).json(), { statusCode: 413, code: 'IMAGE_TOO_LARGE', message: /700×700/ })
  t.match((await post(photo('sample2.jpg'))).json(), { statusCode: 413, code: 'BODY_TOO_LARGE' })
})

t.test('before the models are loaded', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const response = await app.inject({ method: 'POST', url: '/detect', payload: photo('sample-me.jpg'), headers: { 'content-type': 'image/jpeg' } })
  t.match(response.json(), { statusCode: 503, code: 'NOT_READY' })
})

t.test('the event loop stays free while networks run', async t => {
  const { app, engine } = await startApp(t)
  const base = await app.listen({ port: 0 })
  const post = () => fetch(`${base}/detect`, { method: 'POST', body: new Uint8Array(photo('sample1.jpg')), headers: { 'content-type': 'image/jpeg' } })
  const work = Promise.all(Array.from({ length: 40 }, post))
  const waits: number[] = []
  while (waits.length < 20) {
    const start = performance.now()
    await (await fetch(`${base}/health/live`)).text()
    waits.push(performance.now() - start)
  }
  t.ok(engine.pools.main.queued > 0, 'the networks are still at it')
  t.ok((await work).every(({ status }) => status === 200))
  t.ok(waits.toSorted((a, b) => a - b)[waits.length >> 1]! < 150, 'half of the answers came within 150 ms')
})

t.test('more than can be done is refused with the time to come back, and the rest is answered', async t => {
  const { app, log } = await startApp(t, { MAX_QUEUE: '3' })
  const post = () => app.inject({ method: 'POST', url: '/detect', payload: photo('sample-me.jpg'), headers: { 'content-type': 'image/jpeg' } })
  const responses = await Promise.all(Array.from({ length: 10 }, post))
  const refused = responses.filter(({ statusCode }) => statusCode === 503)
  t.equal(responses.filter(({ statusCode }) => statusCode === 200).length, 4)
  t.equal(refused.length, 6)
  for (const response of refused) {
    t.match(response.json(), { code: 'OVERLOADED', message: /retry after \d+ s/ })
    t.ok(Number(response.headers['retry-after']) >= 1)
  }
  t.equal(log.filter(({ level, code }) => level === 40 && code === 'OVERLOADED').length, 6)
})

t.test('a client that leaves is dropped from the queue', async t => {
  const { app, engine, log } = await startApp(t)
  const base = await app.listen({ port: 0 })
  const controller = new AbortController()
  const body = new Uint8Array(photo('sample1.jpg'))
  const post = (signal?: AbortSignal) =>
    fetch(`${base}/detect`, { method: 'POST', body, headers: { 'content-type': 'image/jpeg' }, ...(signal && { signal }) })
  const staying = [post(), post()]
  const leaving = Array.from({ length: 40 }, () => post(controller.signal).catch(() => undefined))
  while (engine.pools.main.queued < 8) await new Promise(resolve => setTimeout(resolve, 1))
  controller.abort()
  await Promise.all(leaving)
  for (const response of await Promise.all(staying)) t.equal(response.status, 200)
  while (engine.pools.main.queued > 0) await new Promise(resolve => setTimeout(resolve, 1))
  t.ok(log.filter(({ status, code }) => status === 499 && code === 'CLIENT_CLOSED_REQUEST').length >= 8)
})

t.test('a worker that dies costs one request, and no other', async t => {
  const { app, engine, log } = await startApp(t)
  const post = () => app.inject({ method: 'POST', url: '/detect', payload: photo('sample1.jpg'), headers: { 'content-type': 'image/jpeg' } })
  const responses = Promise.all(Array.from({ length: 5 }, post))
  while (engine.pools.main.busy === 0) await new Promise(resolve => setImmediate(resolve))
  engine.pools.main.workers[0]!.kill('test')
  const statuses = (await responses).map(({ statusCode }) => statusCode)
  t.same(statuses.toSorted(), [200, 200, 200, 200, 500])
  t.equal(engine.workerEnds, 1)
  const errors = log.filter(({ level }) => level === 50)
  t.equal(errors.length, 2)
  t.match(errors.find(({ msg }) => msg === 'request'), { status: 500, code: 'INFERENCE_FAILED', err: { message: /ended: test/ } })
  t.match(errors.find(({ msg }) => /ended and is replaced/.test(String(msg))), { reason: 'test' })
  t.equal((await post()).statusCode, 200)
})

/** Intersection over union of a reference box and a found one. */
function overlap ([x1, y1, x2, y2]: Corners, box: Found['box']): number {
  const common = Math.max(0, Math.min(x2, box.x2) - Math.max(x1, box.x1)) * Math.max(0, Math.min(y2, box.y2) - Math.max(y1, box.y1))
  return common / ((x2 - x1) * (y2 - y1) + (box.x2 - box.x1) * (box.y2 - box.y1) - common)
}

t.test('a batch of which no image finds room is refused as a whole', async t => {
  const { app } = await startApp(t, { MAX_QUEUE: '0' })
  const payload = JSON.stringify({ images: Array(6).fill(photo('sample-me.jpg').toString('base64')) })
  const ask = () => app.inject({ method: 'POST', url: '/detect', payload, headers: { 'content-type': 'application/json' } })
  const replies = await Promise.all([ask(), ask(), ask()])
  t.same(replies.map(({ statusCode }) => statusCode).sort(), [200, 503, 503])
  const refused = replies.find(({ statusCode }) => statusCode === 503)!
  t.match(refused.json(), { code: 'OVERLOADED' })
  t.match(refused.headers['retry-after'], /^\d+$/)
})
