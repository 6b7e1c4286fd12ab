import t from 'tap'
import { DIALECTS } from '../../../server/dialects/dialects.ts'
import { answerOf, fromPython, listen } from '../../support/client-requests.ts'
import { startApp } from '../../support/server.ts'

t.test('dialects have different names and places', async t => {
  t.equal(new Set(DIALECTS.map(({ name }) => name)).size, DIALECTS.length)
  t.equal(new Set(DIALECTS.map(({ prefix }) => prefix)).size, DIALECTS.length)
})

t.test('one that is switched off is not there', async t => {
  for (const dialect of DIALECTS.filter(({ prefix }) => prefix !== '')) {
    const { app } = await startApp(t, { DIALECTS: dialect.name }, { load: false })
    const own = await app.inject(`${dialect.prefix}/nowhere`)
    t.same([own.statusCode, own.json().code], [404, dialect.toError.length > 0 ? own.json().code : ''], dialect.name)
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
