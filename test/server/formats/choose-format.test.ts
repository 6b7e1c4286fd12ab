import accepts from '@fastify/accepts'
import Fastify, { type FastifyRequest } from 'fastify'
import t from 'tap'
import { chooseFormat, type Wanted } from '../../../server/formats/choose-format.ts'
import { FORMATS, type Format } from '../../../server/formats/formats.ts'

const app = Fastify()
await app.register(accepts)
app.get('/', async request => choose(request))
let choose = (_request: FastifyRequest): unknown => undefined

/** The format that a request with this Accept header gets. @throws what chooseFormat does */
async function chosen (accept: string, wanted: Partial<Wanted> = {}): Promise<Format> {
  return await new Promise((resolve, reject) => {
    choose = request => { try { resolve(chooseFormat(request, { isBatch: false, ...wanted })) } catch (error) { reject(error) } }
    app.inject({ url: '/', headers: { accept } }).catch(reject)
  })
}

t.test('the format that is named, else the Accept header\'s', async t => {
  t.equal(await chosen('text/html', { format: 'yolo' }), FORMATS.yolo)
  t.equal(await chosen('*/*'), FORMATS.json)
  t.equal(await chosen('application/json, text/plain, */*'), FORMATS.json, 'what axios sends')
  t.equal(await chosen('image/png'), FORMATS.png)
  t.equal(await chosen('image/jpeg'), FORMATS.image)
  t.equal(await chosen('text/csv'), FORMATS.csv)
  await t.rejects(chosen('text/html'), { code: 'NOT_ACCEPTABLE' })
})

t.test('layers are reported in our JSON', async t => {
  t.equal(await chosen('*/*', { features: 'p3' }), FORMATS.json)
  t.equal(await chosen('image/png', { features: 'p3', format: 'json' }), FORMATS.json)
  await t.rejects(chosen('image/png', { features: 'p3' }), { code: 'NOT_ACCEPTABLE' })
  await t.rejects(chosen('*/*', { features: 'p3', format: 'coco' }), { code: 'INVALID_PARAMETER', message: /json with features/ })
})

t.test('several images are answered in JSON', async t => {
  t.equal(await chosen('*/*', { isBatch: true, format: 'coco' }), FORMATS.coco)
  for (const format of ['csv', 'yolo', 'image', 'png'] as const) {
    await t.rejects(chosen('*/*', { isBatch: true, format }), { code: 'INVALID_PARAMETER', message: /one image/ })
  }
})
