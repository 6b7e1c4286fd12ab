import t from 'tap'
import { readCredentials, toToken } from '../../../../server/dialects/zoneminder/login.ts'
import { field, formBody } from '../../../support/client-bytes.ts'
import { startApp } from '../../../support/server.ts'

t.test('the key of a login', async t => {
  const { app } = await startApp(t, {}, { load: false })
  app.post('/key', async request => toToken(await readCredentials(request)))
  const keyIn = async (payload: string | Buffer, type: string) =>
    (await app.inject({ method: 'POST', url: '/key', payload, headers: { 'content-type': type } })).json()
  const cases: Array<[body: string | Buffer, type: string, key: string]> = [
    ['{"username": "u", "password": "p"}', 'application/json', 'p'],
    ['{"username": "u", "password": ""}', 'application/json', 'u'],
    ['{"username": "u", "password": 1}', 'application/json', 'u'],
    ['{"password": "p"}', 'application/x-www-form-urlencoded', 'p'],
    ['username=u&password=p%20q', 'application/x-www-form-urlencoded', 'p q'],
    [formBody([field('username', 'u'), field('password', 'p')], 'B'), 'multipart/form-data; boundary=B', 'p'],
    ['{}', 'application/json', 'none']
  ]
  for (const [body, type, key] of cases) {
    t.strictSame(await keyIn(body, type), { access_token: key, token_type: 'bearer', expires: 3600 }, String(body))
  }
  t.match(await keyIn('x', 'application/json'), { code: 'MALFORMED_REQUEST' })
  t.match(await keyIn('a=1&'.repeat(1025), 'application/x-www-form-urlencoded'), { code: 'BODY_TOO_LARGE' })
})
