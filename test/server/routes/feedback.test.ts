import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t from 'tap'
import { readDataset } from '../../../cli/eval/dataset.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

type Body = Uint8Array<ArrayBuffer> | FormData | string | undefined

const PHOTO = Uint8Array.from(photo('sample-me.jpg'))
const HASH = createHash('sha256').update(PHOTO).digest('hex')
const TIE = { label: 'bow tie', box: [262, 540, 356, 720] }

t.test('feedback', async t => {
  const folder = t.testdir({})
  const { app, log } = await startApp(t, { FEEDBACK_DIR: folder, API_KEYS: 'k', MAX_PIXELS: '1000000', FEEDBACK_MAX_BYTES: '300kB' })
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const request = async (path: string, body: Body, headers: Record<string, string> = {}) =>
    await fetch(`${base}${path}`, { method: 'POST', body: body ?? null, headers: { 'x-api-key': 'k', ...headers } })
  const post = async (query: Record<string, unknown>, body?: Body): Promise<{ file: string }> => {
    const texts = Object.entries(query).map(([name, value]): [string, string] => [name, typeof value === 'string' ? value : JSON.stringify(value)])
    return await (await request(`/feedback?${new URLSearchParams(texts)}`, body)).json() as { file: string }
  }
  const dataset = async () =>
    await readDataset({ images: folder, annotations: join(folder, 'instances.json'), format: undefined, classNames: undefined, fallback: [] })

  await t.test('a photo and its boxes become a data set', async t => {
    const reply = await post({ boxes: [TIE], model: 'nanodet-m-416' }, PHOTO)
    t.same(reply, { hash: `sha256:${HASH}`, file: `${HASH}.jpg`, image: { width: 700, height: 700 }, boxes: 1, replaced: false })
    t.ok(readFileSync(join(folder, reply.file)).equals(PHOTO))
    const { images, annotations, categories, notes } = await dataset()
    t.match([...images, ...annotations, ...categories], [{ file_name: reply.file }, { bbox: [262, 540, 94, 160] }, { name: 'bow tie' }], 'clipped to the photo')
    t.same(notes, [])
    t.match(log.at(-1), {
      path: '/feedback',
      status: 200,
      model: 'nanodet-m-416',
      image: { width: 700 },
      times: { decode: Number },
      feedback: { file: reply.file, boxes: 1, replaced: false }
    })
  })

  await t.test('in a form, in JSON, and by its hash', async t => {
    const form = new FormData()
    form.append('image', new Blob([PHOTO]), 'me.jpg')
    form.append('boxes', '[]')
    t.match(await (await request('/feedback', form)).json(), { boxes: 0, replaced: true })
    const json = { image: Buffer.from(PHOTO).toString('base64'), boxes: [TIE, TIE], hash: `sha256:${HASH.toUpperCase()}` }
    t.match(await post({}, JSON.stringify(json)), { boxes: 2, replaced: true })
    t.match(await post({}, JSON.stringify({ hash: json.hash, boxes: [TIE], model: 'nanodet-m-416' })), { hash: `sha256:${HASH}`, image: { width: 700 }, boxes: 1 })
    t.match(log.at(-1), { feedback: { boxes: 1 } })
    t.match(await post({ hash: json.hash, boxes: [] }), { boxes: 0, replaced: true })
  })

  await t.test('boxes are those of the photo as displayed', async t => {
    const turned = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'red' } }).withMetadata({ orientation: 6 }).png().toBuffer()
    t.match(await post({ boxes: [{ label: 'a', box: [0, 30, 40, 60] }] }, Uint8Array.from(turned)), { image: { width: 40, height: 60 }, file: /\.png$/ })
  })

  await t.test('what can\'t be stored', async t => {
    const files = readdirSync(folder).length
    const cases: Array<[query: Record<string, unknown>, body: Body, code: string, message: RegExp]> = [
      [{}, PHOTO, 'INVALID_PARAMETER', /^boxes: expected what the photo shows/],
      [{ boxes: [{ label: 'a', box: [700, 0, 800, 9] }] }, PHOTO, 'INVALID_PARAMETER', /^boxes\.0\.box: .*700×700/],
      [{ boxes: [], hash: `sha256:${'0'.repeat(64)}` }, PHOTO, 'INVALID_PARAMETER', /^hash: the photo has sha256:/],
      [{ boxes: [], hash: `sha256:${'0'.repeat(64)}` }, undefined, 'PHOTO_NOT_FOUND', /send the photo/],
      [{ boxes: [] }, undefined, 'EMPTY_BODY', /hash/],
      [{ boxes: [] }, 'hello', 'UNSUPPORTED_IMAGE', /text/],
      [{ boxes: [] }, PHOTO.subarray(0, 9000), 'CORRUPT_IMAGE', /damaged/],
      [{ boxes: [], model: 'yolo' }, PHOTO, 'MODEL_NOT_FOUND', /yolo/],
      [{ hash: `sha256:${HASH}` }, JSON.stringify({ boxes: [], model: 'yolo' }), 'MODEL_NOT_FOUND', /yolo/],
      [{ boxes: [], box: 1 }, PHOTO, 'INVALID_PARAMETER', /unknown parameter box/]
    ]
    for (const [query, body, code, message] of cases) t.match(await post(query, body), { code, message }, code)
    const huge = await sharp({ create: { width: 1001, height: 1000, channels: 3, background: 'red' } }).png().toBuffer()
    t.match(await post({ boxes: [] }, Uint8Array.from(huge)), { code: 'IMAGE_TOO_LARGE' })
    t.equal((await request('/feedback?boxes=[]', PHOTO, { 'x-api-key': 'x' })).status, 401)
    t.equal(readdirSync(folder).length, files, 'nothing was stored')
  })

  await t.test('metrics have the folder\'s size, and detections do not count', async t => {
    const text = await (await fetch(`${base}/metrics`, { headers: { 'x-api-key': 'k' } })).text()
    t.match(text, /^nanodet_feedback_photos 2$/m)
    t.match(text, /^nanodet_feedback_bytes \d{4,}$/m)
    t.match(text, /nanodet_stage_duration_seconds_count\{task="feedback",model="nanodet-m-416",stage="decode"\} [1-9]/)
    t.notMatch(text, /nanodet_detections_total\{/)
  })

  await t.test('at once with others', async t => {
    const photos = await Promise.all(Array.from({ length: 6 }, (_, i) =>
      sharp({ create: { width: 20 + i, height: 20, channels: 3, background: 'blue' } }).jpeg().toBuffer()))
    const replies = await Promise.all(photos.map(photo => post({ boxes: [{ label: 'blue', box: [0, 0, 20, 20] }] }, Uint8Array.from(photo))))
    const { images, annotations } = await dataset()
    t.equal(images.length, 8)
    for (const { file } of replies) t.ok(images.some(({ file_name: name }) => name === file))
    t.equal(annotations.length, 7)
  })

  await t.test('until the folder is full', async t => {
    const noise = await sharp(randomBytes(300 * 300 * 3), { raw: { width: 300, height: 300, channels: 3 } }).png().toBuffer()
    const reply = await request('/feedback?boxes=[]', Uint8Array.from(noise))
    t.match(await reply.json(), { statusCode: 507, code: 'FEEDBACK_FULL', error: 'Insufficient Storage' })
    t.equal(reply.headers.get('retry-after'), null)
    t.equal(readdirSync(folder).length, 9)
  })
})

t.test('off by default', async t => {
  const { app } = await startApp(t)
  const reply = await app.inject({ method: 'POST', url: '/feedback?boxes=[]', payload: Buffer.from(PHOTO), headers: { 'content-type': 'image/jpeg' } })
  t.match(reply.json(), { statusCode: 404, code: 'FEEDBACK_OFF', message: /FEEDBACK_DIR/ })
})
