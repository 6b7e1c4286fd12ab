import Fastify, { type FastifyRequest } from 'fastify'
import t from 'tap'
import { jsonBody } from '../../../server/body/json-body.ts'

t.test('a body is parsed once', async t => {
  const app = Fastify()
  t.teardown(() => app.close())
  const many = `{"tasks":[${'1,'.repeat(2 ** 17 + 1)}1]}`
  const bodies: Record<string, string> = { '/good': '{"a":1}', '/bad': '[]', '/many': many }
  const read = async ({ url }: FastifyRequest) => Buffer.from(bodies[url]!)
  app.decorate('bodies', { read, receive: async request => [await read(request)] })
  app.get('/good', async request => {
    t.equal(await jsonBody(request), await jsonBody(request))
    return await jsonBody(request)
  })
  for (const path of ['/bad', '/many']) app.get(path, async request => await jsonBody(request))
  t.same((await app.inject('/good')).json(), { a: 1 })
  t.match((await app.inject('/bad')).json(), { message: /not an object/ })
  t.match((await app.inject('/many')).json(), { code: 'BODY_TOO_LARGE', message: /more than 131072 values/ })
})
