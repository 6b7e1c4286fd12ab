import t from 'tap'
import { readImageForm } from '../../../server/dialects/image-form.ts'
import { field, formBody, type RawPart } from '../../support/client-bytes.ts'
import { startApp } from '../../support/server.ts'

const TYPE = 'multipart/form-data; boundary=B'
const file = (name: string, content: string): RawPart =>
  [`Content-Disposition: form-data; name="${name}"; filename="a"`, content]

t.test('the image of a form', async t => {
  const { app } = await startApp(t, {}, { load: false })
  app.post('/form', async request => {
    const { image, fields } = await readImageForm(request, 'image')
    const again = await readImageForm(request, 'image')
    return { image: image && Buffer.from(image).toString(), fields, isSame: again.image === image }
  })
  const send = async (payload: Buffer, type: string) =>
    (await app.inject({ method: 'POST', url: '/form', payload, headers: { 'content-type': type } })).json()
  const read = async (...parts: RawPart[]) => await send(formBody(parts, 'B'), TYPE)

  await t.test('the file of the name, else the first that holds something', async t => {
    t.equal((await read(file('other', 'x'), file('image', 'y'))).image, 'y')
    t.equal((await read(file('empty', ''), file('other', 'x'), file('more', 'y'))).image, 'x')
    t.equal((await read(file('image', ''))).image, undefined)
    t.equal((await read(field('image', 'text'))).image, undefined)
  })

  await t.test('fields before and after the file; of equal ones, the first', async t => {
    const { fields } = await read(field('a', '1'), file('image', 'x'), field('b', '2'), field('a', '3'))
    t.strictSame(fields, { a: '1', b: '2' })
  })

  await t.test('other bodies are empty forms', async t => {
    for (const [body, type] of [[Buffer.alloc(0), TYPE], [Buffer.from('x'), 'image/jpeg']] as const) {
      t.match(await send(body, type), { image: undefined, fields: {} })
    }
  })

  await t.test('a form is parsed once', async t => t.equal((await read(file('image', 'x'))).isSame, true))
})
