import t from 'tap'
import { DIALECTS } from '../../../server/dialects/dialects.ts'
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
