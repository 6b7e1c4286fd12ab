import t from 'tap'
import { createServer } from '../../../../server/page/logic/server.ts'
import { startApp } from '../../../support/server.ts'
import { STREET } from '../../../support/street.ts'

t.test('calls the server below the address of the page, with the key', async t => {
  const { app } = await startApp(t, { API_KEYS: 'secret', PORT: '0' })
  const server = createServer(`${await app.listen({ port: 0 })}/`, fetch)
  const photo = new Blob([STREET])
  await t.rejects(server.models(), { name: 'NanodetApiError', code: 'UNAUTHORIZED', statusCode: 401 })
  server.key = 'secret'
  const [model] = await server.models()
  t.equal(model!.name, 'nanodet-m-416')
  t.ok((await server.layers(model!.name)).some(({ alias }) => alias === 'stage2'))
  t.ok((await server.summary(model!.name)).layers.length > 100)
  const { detections, candidates } = await server.explain(photo, { score_threshold: 0.6, model: undefined })
  t.same(detections.map(({ label }) => label), ['stop sign', 'bus'])
  t.equal(candidates.filter(({ state }) => state === 'kept').length, 2)
  t.equal((await server.get('page/street.jpg')).headers.get('content-type'), 'image/jpeg')
  await t.rejects(server.send('detect', new Blob(['text']), {}), { name: 'NanodetApiError', statusCode: 415 })
})
