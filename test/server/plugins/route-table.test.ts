import Fastify from 'fastify'
import t from 'tap'
import { routeTable } from '../../../server/plugins/route-table.ts'

t.test('the methods of a path', async t => {
  const app = Fastify()
  await app.register(routeTable)
  app.get('/models/:name', async () => ({}))
  app.post('/models/:name/load', async () => ({}))
  app.route({ method: ['POST', 'PUT'], url: '/detect', handler: async () => ({}) })
  app.get('/docs/*', async () => ({}))
  await app.register(async scope => { scope.get('/a.b', async () => ({})) }, { prefix: '/v2' })
  t.same(app.methodsOf('/models/x'), ['GET'])
  t.same(app.methodsOf('/models/x/load'), ['POST'])
  t.same(app.methodsOf('/detect'), ['POST', 'PUT'])
  t.same(app.methodsOf('/docs/a/b'), ['GET'])
  t.same(app.methodsOf('/v2/a.b'), ['GET'])
  for (const path of ['/', '/models', '/models/', '/models/x/y', '/detect/', '/v2/aXb']) t.same(app.methodsOf(path), [], path)
})
