import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { joined, type Bytes } from '../../../engine/chunks.ts'
import { fieldsOf, isFile, readSingle, readUpload } from '../../../server/body/upload.ts'
import { abort } from '../../../server/plugins/abort.ts'
import { bodies } from '../../../server/plugins/bodies.ts'
import { errors } from '../../../server/plugins/errors.ts'

async function start (t: Test) {
  const app = Fastify()
  for (const plugin of [errors, abort]) await app.register(plugin)
  await app.register(bodies, { maxBytes: 10_000, maxBytesInFlight: 20_000, timeout: 1000, admit: () => {} })
  const texts = (images: readonly Bytes[]): string[] => images.map(image => Buffer.from(joined(image)).toString())
  app.post('/', async request => {
    const upload = await readUpload(request)
    return { ...upload, images: texts(upload.images) }
  })
  app.post('/single', async request => ({ image: texts([(await readSingle(request)).image])[0] }))
  t.teardown(() => app.close())
  return async (payload: string | Buffer, type?: string, url = '/') =>
    (await app.inject({ method: 'POST', url, payload, ...(type !== undefined && { headers: { 'content-type': type } }) })).json()
}

/** Begins as an image does; what follows nobody reads here. */
const image = (text: string): string => `GIF89a ${text}`
const FORM = 'multipart/form-data; boundary=B'
interface Sent { name?: string, file?: string, type?: string, body: string }
const form = (...parts: Sent[]): string => parts.map(({ name, file, type, body }) => {
  const disposition = `form-data${name === undefined ? '' : `; name="${name}"`}${file === undefined ? '' : `; filename="${file}"`}`
  return `--B\r\nContent-Disposition: ${disposition}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}\r\n${body}\r\n`
}).join('') + '--B--\r\n'

t.test('a body is the image, whatever its type says', async t => {
  const post = await start(t)
  for (const type of [undefined, 'image/jpeg', 'application/octet-stream', 'binary/octet-stream', 'application/x-www-form-urlencoded', 'jpeg', 'application/json', '']) {
    t.same(await post(image('a'), type), { images: [image('a')], isBatch: false, parameters: {} }, String(type))
  }
  t.match(await post('%PDF-1.7', 'image/jpeg'), { statusCode: 415, code: 'UNSUPPORTED_IMAGE', message: /PDF/ })
  t.match(await post(''), { code: 'EMPTY_BODY' })
})

t.test('of a form, the parts named image, else all images; fields are parameters', async t => {
  const post = await start(t)
  const file = (name: string): Sent => ({ name, file: 'a.jpg', body: image(name) })
  t.same(await post(form({ name: 'before', body: '1' }, file('other'), file('image'), { name: 'after', body: '2' }), FORM),
    { images: [image('image')], isBatch: false, parameters: { before: '1', after: '2' } })
  t.match(await post(form(file('photo')), FORM), { images: [image('photo')], isBatch: false })
  t.match(await post(form({ name: 'photo', type: 'image/jpeg', body: 'anything' }), FORM), { images: ['anything'] }, 'typed, without a file name')
  t.match(await post(form({ name: 'photo', body: image('bare') }), FORM), { images: [image('bare')] }, 'neither typed nor named')
  t.match(await post(form({ file: 'a.jpg', body: image('nameless') }), FORM), { images: [image('nameless')] })
  t.match(await post(form({ name: 'c', body: 'a' }, file('image'), { name: 'c', body: 'b' }), FORM), { parameters: { c: ['a', 'b'] } })
})

t.test('several images of a form are a batch', async t => {
  const post = await start(t)
  const file = (name: string, text: string): Sent => ({ name, file: 'a.jpg', body: image(text) })
  t.match(await post(form(file('image', '1'), file('image', '2')), FORM), { images: [image('1'), image('2')], isBatch: true })
  t.match(await post(form(file('a', '1'), file('b', '2')), FORM), { images: [image('1'), image('2')], isBatch: true })
  t.match(await post(form(file('images[]', '1')), FORM), { images: [image('1')], isBatch: true })
  t.match(await post(form(...Array.from({ length: 33 }, () => file('image', ''))), FORM), { statusCode: 413, code: 'BODY_TOO_LARGE', message: /33 images; at most 32/ })
})

t.test('a form whose field image is base64', async t => {
  const post = await start(t)
  const field = (body: string): string => form({ name: 'image', body }, { name: 'model', body: 'x' })
  const expected = { images: [image('a')], isBatch: false, parameters: { model: 'x' } }
  t.same(await post(field(Buffer.from(image('a')).toString('base64')), FORM), expected)
  t.match(await post(field('a photo?'), FORM), { code: 'INVALID_PARAMETER', message: /^image: expected base64/ })
})

t.test('a form without an image', async t => {
  const post = await start(t)
  t.match(await post(form({ name: 'model', body: 'x' }), FORM), { code: 'EMPTY_BODY', message: /form has no image/ })
  t.match(await post(form({ name: 'image', file: 'a.jpg', body: '' }), FORM), { code: 'EMPTY_BODY' })
  t.match(await post('--B\r\n', FORM), { code: 'MALFORMED_REQUEST' })
})

t.test('JSON with an image or several in base64, whatever its type says', async t => {
  const post = await start(t)
  const encoded = Buffer.from(image('a')).toString('base64')
  for (const type of ['application/json', 'application/x-www-form-urlencoded', undefined]) {
    t.same(await post(JSON.stringify({ image: encoded, model: 'x' }), type), { images: [image('a')], isBatch: false, parameters: { model: 'x' } })
  }
  t.match(await post(JSON.stringify({ images: [`data:image/gif;base64,${encoded}`, encoded] })), { images: [image('a'), image('a')], isBatch: true })
  const refused: Array<[body: string, problem: object]> = [
    ['{"image": "https://example.com/a.jpg"}', { code: 'INVALID_PARAMETER', message: /not fetched/ }],
    ['{"images": ["AAAA", 5]}', { code: 'INVALID_PARAMETER', message: /images\[1\]/ }],
    ['{"images": []}', { code: 'INVALID_PARAMETER' }],
    ['{"images": "AAAA"}', { code: 'INVALID_PARAMETER' }],
    ['{"image": "AAAA", "images": ["AAAA"]}', { code: 'INVALID_PARAMETER', message: /one of them/ }],
    [JSON.stringify({ images: Array(33).fill('AAAA') }), { code: 'BODY_TOO_LARGE' }],
    ['{"model": "x"}', { code: 'EMPTY_BODY', message: /JSON object has no image/ }],
    ['{"image": ', { code: 'MALFORMED_REQUEST' }]
  ]
  for (const [body, problem] of refused) t.match(await post(body), problem, body)
})

t.test('where one image is wanted', async t => {
  const post = await start(t)
  t.same(await post(image('a'), undefined, '/single'), { image: image('a') })
  t.match(await post(JSON.stringify({ images: ['R0lGODlh'] }), undefined, '/single'), { code: 'INVALID_PARAMETER', message: /expected one image/ })
})

t.test('parts and fields', async t => {
  const part = { name: 'a', fileName: undefined, type: undefined, bytes: Buffer.from('text') }
  t.notOk(isFile(part))
  t.ok(isFile({ ...part, fileName: '' }))
  t.same(fieldsOf([part, { ...part, name: '__proto__' }, { ...part, type: 'image/png' }]), JSON.parse('{"a":"text","__proto__":"text"}'))
})
