import t from 'tap'
import { totalBytes, type Bytes } from '../../../engine/chunks.ts'
import { readPhotoOrParameters } from '../../../server/body/photo-or-parameters.ts'
import { photo } from '../../support/files.ts'
import { startApp } from '../../support/server.ts'

const PHOTO = Uint8Array.from(photo('sample-me.jpg'))
const BASE64 = Buffer.from(PHOTO).toString('base64')
const sizeOf = (image: Bytes | undefined): number | undefined => image && (image instanceof Uint8Array ? image.length : totalBytes(image))

t.test('a photo with parameters, or parameters alone', async t => {
  const { app } = await startApp(t, {}, { load: false })
  app.post('/read', async request => {
    const { image, parameters } = await readPhotoOrParameters(request)
    return { parameters, bytes: sizeOf(image) }
  })
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const post = async (body?: FormData | string | Uint8Array<ArrayBuffer>) => await (await fetch(`${base}/read`, { method: 'POST', body: body ?? null })).json()
  const form = (...fields: Array<[string, string | Blob]>): FormData => {
    const form = new FormData()
    for (const [name, value] of fields) form.append(name, value)
    return form
  }
  const json = (value: object): string => JSON.stringify(value)

  t.same(await post(), { parameters: {} })
  t.same(await post(PHOTO), { parameters: {}, bytes: PHOTO.length })
  t.same(await post(form(['a', '1'])), { parameters: { a: '1' } })
  t.same(await post(form(['a', '1'], ['image', new Blob([PHOTO])])), { parameters: { a: '1' }, bytes: PHOTO.length })
  t.same(await post(form(['a', '1'], ['image', BASE64])), { parameters: { a: '1' }, bytes: PHOTO.length })
  t.same(await post(json({ a: 1 })), { parameters: { a: 1 } })
  t.same(await post(json({ a: 1, image: BASE64 })), { parameters: { a: 1 }, bytes: PHOTO.length })
  t.match(await post(json({ images: [BASE64] })), { code: 'INVALID_PARAMETER', message: /one image/ })
  t.match(await post('<html>'), { code: 'UNSUPPORTED_IMAGE' })
  t.match(await post('{"a"'), { code: 'MALFORMED_REQUEST' })
})
