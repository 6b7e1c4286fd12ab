import Fastify from 'fastify'
import t from 'tap'
import { finalNewline } from '../../../server/plugins/final-newline.ts'

t.test('JSON ends with a newline, and its length counts it', async t => {
  const app = Fastify()
  await app.register(finalNewline)
  app.get('/object', async () => ({ a: 1 }))
  app.get('/text', async (_request, reply) => reply.type('text/plain').send('text'))
  app.get('/whole', async (_request, reply) => reply.type('application/json').send('{}\n'))
  app.get('/bytes', async (_request, reply) => reply.type('application/json').send(Buffer.from('{}')))
  const object = await app.inject('/object')
  t.equal(object.body, '{"a":1}\n')
  t.equal(object.headers['content-length'], '8')
  t.equal((await app.inject('/text')).body, 'text')
  t.equal((await app.inject('/whole')).body, '{}\n')
  t.equal((await app.inject('/bytes')).body, '{}')
})
