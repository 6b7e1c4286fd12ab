import t from 'tap'
import { DIALECTS } from '../../../server/dialects/dialects.ts'
import { ApiError } from '../../../server/errors.ts'
import { answerOf, fromPython, listen } from '../../support/client-requests.ts'
import { startApp } from '../../support/server.ts'

t.test('dialects have different names and places', async t => {
  t.equal(new Set(DIALECTS.map(({ name }) => name)).size, DIALECTS.length)
  t.equal(new Set(DIALECTS.map(({ prefix }) => prefix)).size, DIALECTS.length)
})

t.test('an address that can\'t be looked up is answered as the dialect there does', async t => {
  const { app } = await startApp(t, { DIALECTS: 'deepstack,kserve' }, { load: false })
  const ask = async (url: string) => (await app.inject({ method: 'POST', url })).json()
  t.match(await ask('/v1/vision/custom/%zz'), { success: false, error: /%/ })
  t.match(await ask(`/v2/models/${'x'.repeat(257)}/infer`), { error: /256/ })
  t.match(await ask('/zoneminder/%zz'), { code: 'MALFORMED_REQUEST' })
})

t.test('one that is switched off is not there', async t => {
  for (const dialect of DIALECTS.filter(({ prefix }) => prefix !== '')) {
    const { app } = await startApp(t, { DIALECTS: dialect.name }, { load: false })
    const own = await app.inject(`${dialect.prefix}/nowhere`)
    t.equal(own.statusCode, 404, dialect.name)
    t.same(Object.keys(own.json()), Object.keys(dialect.toError(new ApiError('ROUTE_NOT_FOUND', '')).body as object), dialect.name)
    const other = DIALECTS.find(({ name, prefix }) => name !== dialect.name && prefix !== '')
    if (other) t.match((await app.inject(`${other.prefix}/nowhere`)).json(), { code: 'ROUTE_NOT_FOUND' }, `${other.name} is off`)
    await app.close()
  }
})

t.test('paths and methods that a dialect does not have are counted and logged as its own', async t => {
  const { app, send, log } = await listen(t)
  for (const { name, prefix } of DIALECTS.filter(({ prefix }) => prefix !== '')) {
    const [status] = answerOf(await send(fromPython(`POST ${prefix}/no/where/at/all`, 'text/plain', 'x')))
    t.equal(status, 404)
    t.match(log.at(-1), { dialect: name, status: 404 })
    t.match((await app.inject('/metrics')).body, `method="POST",route="none",status="404",dialect="${name}"`)
  }
  t.same(answerOf(await send(fromPython('PUT /v2/models/x/infer', 'text/plain', 'x')))[0], 405)
  t.match(log.at(-1), { dialect: 'kserve', status: 405 })
  await app.inject('/nowhere')
  t.equal(log.at(-1)?.['dialect'], undefined)
})
