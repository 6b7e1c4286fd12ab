import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { abort } from '../../../server/plugins/abort.ts'
import { errors } from '../../../server/plugins/errors.ts'
import { OverloadError } from '../../../engine/errors.ts'
import { imageBody, readImage, type ImageBodyOptions } from '../../../server/plugins/image-body.ts'

async function start (t: Test, admit: ImageBodyOptions['admit'] = () => {}) {
  const app = Fastify()
  await app.register(errors)
  await app.register(abort)
  await app.register(imageBody, { maxBytes: 1000, maxBytesInFlight: 1500, admit })
  app.post('/', { config: { imageBody: 'detect' } }, async request => ({ text: Buffer.from(await readImage(request)).toString() }))
  t.teardown(() => app.close())
  return (payload: string | Buffer, type?: string) =>
    app.inject({ method: 'POST', url: '/', payload, ...(type !== undefined && { headers: { 'content-type': type } }) })
}

/** Begins as an image does; what follows nobody reads here. */
const image = (text: string): string => `GIF89a ${text}`

type Part = { name: string, filename?: string, body: string }
const BOUNDARY = 'xyz'
const form = (parts: Part[], end = `--${BOUNDARY}--\r\n`): string => parts.map(({ name, filename, body }) =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n${body}\r\n`
).join('') + end
const FORM = `multipart/form-data; boundary=${BOUNDARY}`

t.test('a body is the image', async t => {
  const post = await start(t)
  for (const type of ['image/jpeg', 'image/anything; charset=x', 'application/octet-stream']) {
    t.same((await post(image('pixels'), type)).json(), { text: image('pixels') }, type)
  }
})

t.test('what does not begin as an image is refused here, before anything waits for it', async t => {
  const post = await start(t)
  t.match((await post('%PDF-1.7', 'image/jpeg')).json(), { statusCode: 415, code: 'UNSUPPORTED_IMAGE', message: /PDF document/ })
  t.match((await post(form([{ name: 'image', filename: 'a.jpg', body: 'text' }]), FORM)).json(), { code: 'UNSUPPORTED_IMAGE' })
})

t.test('of a form, the file named image, else the first file', async t => {
  const post = await start(t)
  const file = (name: string) => ({ name, filename: 'a.jpg', body: image(name) })
  t.same((await post(form([{ name: 'key', body: 'x' }, file('other'), file('image'), file('third')]), FORM)).json(), { text: image('image') })
  t.same((await post(form([file('other'), file('third')]), FORM)).json(), { text: image('other') })
})

t.test('nothing to read', async t => {
  const post = await start(t)
  t.match((await post('', 'image/png')).json(), { code: 'EMPTY_BODY' })
  t.match((await post('')).json(), { code: 'EMPTY_BODY' })
  t.match((await post(form([{ name: 'image', body: 'a field, no file' }]), FORM)).json(), { code: 'EMPTY_BODY', message: /form has no file/ })
  t.match((await post(form([{ name: 'image', filename: 'a.jpg', body: '' }]), FORM)).json(), { code: 'EMPTY_BODY' })
})

t.test('too much of it', async t => {
  const post = await start(t)
  const large = 'x'.repeat(1001)
  t.match((await post(large, 'image/png')).json(), { statusCode: 413, code: 'BODY_TOO_LARGE' })
  t.match((await post(form([{ name: 'image', filename: 'a.jpg', body: large }]), FORM)).json(), { code: 'BODY_TOO_LARGE' })
  const nine = Array.from({ length: 9 }, () => ({ name: 'image', filename: 'a.jpg', body: 'x' }))
  t.match((await post(form(nine), FORM)).json(), { code: 'BODY_TOO_LARGE', message: 'The form has too many files' })
})

t.test('other kinds of bodies', async t => {
  const post = await start(t)
  t.match((await post('{"image":1}', 'application/json')).json(), { statusCode: 415, code: 'UNSUPPORTED_MEDIA_TYPE' })
  t.match((await post('pixels', 'application/x-www-form-urlencoded')).json(), { code: 'UNSUPPORTED_MEDIA_TYPE', message: /content-type: image\/jpeg/ })
})

t.test('a form that breaks off', async t => {
  const post = await start(t)
  const response = await post(form([{ name: 'image', filename: 'a.jpg', body: 'pixels' }], '').slice(0, -10), FORM)
  t.match(response.json(), { statusCode: 400, code: 'MALFORMED_REQUEST' })
  t.match((await post('pixels', 'multipart/form-data')).json(), { statusCode: 400, code: 'MALFORMED_REQUEST' })
})

t.test('more in memory than is allowed', async t => {
  const post = await start(t)
  const large = image('x'.repeat(900))
  const replies = await Promise.all([large, large, image('x'.repeat(500))].map(body => post(body, 'image/png')))
  t.same(replies.map(({ statusCode }) => statusCode), [200, 503, 200])
  t.match(replies[1]!.json(), { code: 'OVERLOADED' })
  t.equal((await post(large, 'image/png')).statusCode, 200, 'what was answered counts no more')
})

t.test('a body that there is no place for is refused before it is read', async t => {
  const asked: unknown[] = []
  const post = await start(t, (task, bytes) => {
    asked.push([task, bytes])
    if (bytes > 10) throw new OverloadError('queue_full', 7)
  })
  t.equal((await post(image('1'), 'image/png')).statusCode, 200)
  const refused = await post(image('larger than that'), 'image/png')
  t.match(refused.json(), { statusCode: 503, code: 'OVERLOADED' })
  t.equal(refused.headers['retry-after'], '7')
  t.same(asked, [['detect', 8], ['detect', 23]])
})
