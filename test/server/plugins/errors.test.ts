import Fastify from 'fastify'
import t from 'tap'
import { errors } from '../../../server/plugins/errors.ts'

t.test('a bug is answered in the shape of all errors, and kept for the log', async t => {
  const app = Fastify()
  await app.register(errors)
  const bug = new TypeError('secret')
  let kept: unknown
  app.addHook('onResponse', async request => { kept = request.record.failure?.cause })
  app.get('/', async () => { throw bug })
  const response = await app.inject('/')
  t.equal(response.statusCode, 500)
  t.same(response.json(), { statusCode: 500, code: 'INTERNAL_ERROR', error: 'Internal Server Error', message: 'Internal error' })
  t.equal(kept, bug)
})
