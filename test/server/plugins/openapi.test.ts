import Fastify from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import t from 'tap'
import { z } from 'zod'
import '../../../server/plugins/bodies.ts'
import { openapi } from '../../../server/plugins/openapi.ts'

t.test('routes are described from their schemas, image bodies from a flag', async t => {
  const app = Fastify()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(openapi, { version: '1.2.3' })
  app.post('/image', { schema: { querystring: z.object({ n: z.number() }) }, config: { task: 'detect' } }, async () => ({}))
  app.get('/plain', { schema: { summary: 'No body' } }, async () => ({}))
  const document = (await app.inject('/openapi.json')).json()
  t.equal(document.info.version, '1.2.3')
  t.match(document.paths['/image'].post, { parameters: [{ name: 'n' }], requestBody: { content: { 'image/*': { schema: { format: 'binary' } } } } })
  t.notOk(document.paths['/plain'].get.requestBody)
  t.match((await app.inject('/docs')).body, /swagger/i)
})
