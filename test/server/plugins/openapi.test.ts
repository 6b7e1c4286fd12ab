import t from 'tap'
import { ERRORS } from '../../../server/errors.ts'
import { PIXEL } from '../../../server/openapi/examples.ts'
import { startApp } from '../../support/server.ts'

interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security?: object[]
  responses: Record<string, { description: string, content: Record<string, { schema: object }> }>
  requestBody?: { content: Record<string, { schema: { properties: Record<string, object> }, example: object }> }
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object>, securitySchemes: object }
  tags: Array<{ name: string }>
  security: object[]
}

t.test('the description of the API', async t => {
  const { app } = await startApp(t, {}, { load: false })
  const document: Document = (await app.inject('/openapi.json')).json()
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ title: `${method} ${path}`, ...operation })))

  await t.test('has every route of ours, and none of the dialects', async t => {
    t.same(operations.map(({ title }) => title).toSorted(), [
      'get /health/live', 'get /health/ready', 'get /metrics', 'get /models', 'get /models/{name}', 'get /models/{name}/layers',
      'get /models/{name}/profile', 'get /models/{name}/summary', 'get /status', 'post /classify', 'post /detect', 'post /explain',
      'post /features', 'post /feedback', 'post /models/{name}/load', 'post /models/{name}/unload'
    ])
  })

  await t.test('says of each operation what it is called, and which errors it has', async t => {
    t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
    const tags = document.tags.map(({ name }) => name)
    for (const { title, summary, tags: [tag], responses } of operations) {
      t.ok(summary, title)
      t.ok(tags.includes(tag!), title)
      t.ok(Object.keys(responses).some(status => status.startsWith('4')), title)
      const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400)
      for (const [status, { description, content }] of errors) {
        const codes = description.split(', ') as Array<keyof typeof ERRORS>
        t.ok(codes.every(code => ERRORS[code] === Number(status)), `${title}: ${description}`)
        t.same(content, { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } })
      }
    }
  })

  await t.test('takes images as files, in forms and in JSON, with the parameters', async t => {
    const { content } = document.paths['/detect']!['post']!.requestBody!
    t.match(content, { 'image/jpeg': { schema: { format: 'binary' } }, 'application/octet-stream': {} })
    const { properties: fields } = content['multipart/form-data']!.schema
    t.match(fields, { image: { format: 'binary' }, score_threshold: { type: 'number', default: 0.35 } })
    const { schema: { properties: members }, example } = content['application/json']!
    t.match(members, { image: {}, images: { type: 'array' }, format: { enum: ['json', 'image'] } })
    t.same(example, { image: PIXEL })
    t.notOk('images' in document.paths['/features']!['post']!.requestBody!.content['application/json']!.schema.properties)
  })

  await t.test('names its schemas, and leaves out those that nothing refers to', async t => {
    const names = Object.keys(document.components.schemas)
    for (const name of ['Box', 'Detection', 'Error', 'Model', 'Objects', 'Timing']) t.ok(names.includes(name), name)
    const text = JSON.stringify(document)
    for (const name of names) t.ok(text.includes(`"#/components/schemas/${name}"`), name)
    t.notOk(text.includes('PLACEHOLDER'))
  })

  await t.test('has the media types of all replies', async t => {
    const typesOf = (path: string) => Object.keys(document.paths[path]!['post']!.responses['200']!.content)
    t.same(typesOf('/detect'), ['application/json', 'image/jpeg', 'image/png', 'text/csv', 'text/plain'])
    t.same(typesOf('/features').length, 6)
  })

  t.same(document.security, [], 'this server has no keys')
  t.match(document.paths['/models/{name}/load']!['post']!.security, [{ bearer: [] }, { apiKey: [] }])
})

t.test('with keys, all but the probes need one', async t => {
  const { app } = await startApp(t, { API_KEYS: 'secret' }, { load: false })
  const { paths, security, components }: Document = (await app.inject('/openapi.json')).json()
  t.same(security, [{ bearer: [] }, { apiKey: [] }])
  t.match(components.securitySchemes, { bearer: { scheme: 'bearer' }, apiKey: { name: 'x-api-key' } })
  t.same(paths['/health/live']!['get']!.security, [])
  t.notOk('security' in paths['/detect']!['post']!)
})
