import t from 'tap'
import { ERRORS } from '../../server/errors.ts'
import { startApp } from '../support/server.ts'

t.test('the API describes itself', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const document = (await app.inject('/openapi.json')).json()
  t.same(Object.keys(document.paths), ['/health/live', '/health/ready', '/models', '/models/{name}', '/models/{name}/layers', '/models/{name}/load', '/models/{name}/unload', '/models/{name}/summary', '/detect', '/classify', '/features'])
  const parameters = document.paths['/detect'].post.parameters as Array<{ name: string, schema: { type: string } }>
  t.same(parameters.map(({ name, schema }) => `${name}: ${schema.type}`),
    ['score_threshold: number', 'iou_threshold: number', 'max_detections: integer', 'classes: string', 'model: string', 'features: string', 'reduce: string'])
  t.same(Object.keys(document.paths['/detect'].post.requestBody.content), ['image/*', 'application/octet-stream', 'multipart/form-data'])
  t.equal((await app.inject('/docs')).statusCode, 200)
})

t.test('a path that is not there', async t => {
  const { app, log } = await startApp(t, {}, { load: false })
  const response = await app.inject('/detections?api_key=secret')
  t.equal(response.statusCode, ERRORS.ROUTE_NOT_FOUND)
  t.match(response.json(), { code: 'ROUTE_NOT_FOUND', message: 'There is no /detections; GET /docs lists what there is' })
  t.notMatch(JSON.stringify(log), /secret/)
})
