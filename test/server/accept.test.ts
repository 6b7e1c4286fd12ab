import accepts from '@fastify/accepts'
import Fastify from 'fastify'
import t from 'tap'
import { acceptedType } from '../../server/accept.ts'
import { toApiError } from '../../server/errors.ts'

t.test('the type that a client prefers, the first where it does not say', async t => {
  const app = Fastify()
  await app.register(accepts)
  app.setErrorHandler((error, _request, reply) => reply.code(toApiError(error).statusCode).send(toApiError(error).toJSON()))
  app.get('/', async request => acceptedType(request, ['application/json', 'image/png', 'image/jpeg']))
  const get = async (accept?: string) => await app.inject({ url: '/', headers: accept === undefined ? {} : { accept } })
  const cases: Array<[accept: string | undefined, type: string]> = [
    [undefined, 'application/json'], ['*/*', 'application/json'], ['image/*', 'image/png'],
    ['text/html, image/jpeg;q=0.9, */*;q=0.1', 'image/jpeg'],
    ['image/png;q=0.5, image/jpeg', 'image/jpeg'], ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json']
  ]
  for (const [accept, type] of cases) t.equal((await get(accept)).body, type, accept ?? 'none')
  t.match((await get('text/csv')).json(), { statusCode: 406, code: 'NOT_ACCEPTABLE', message: /image\/png/ })
  t.match((await get('image/png;q=0')).json(), { code: 'NOT_ACCEPTABLE' })
  t.match((await get(`image/png,${'x/y,'.repeat(256)}`)).json(), { code: 'NOT_ACCEPTABLE', message: /1024/ })
})
