import Fastify, { type FastifyRequest } from 'fastify'
import t from 'tap'
import { jsonBody } from '../../../server/dialects/json-body.ts'

t.test('a body is parsed once', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  const bodies: Record<string, string> = { '/good': '{"a":1}', '/bad': '[]' }
  app.decorate('bodies', { read: async ({ url }: FastifyRequest) => Buffer.from(bodies[url]!) })
  app.get('/good', async request => {
    t.equal(await jsonBody(request), await jsonBody(request))
    return await jsonBody(request)
  })
  app.get('/bad', async request => await jsonBody(request))
  t.same((await app.inject('/good')).json(), { a: 1 })
  t.match((await app.inject('/bad')).json(), { message: /not an object/ })
})
