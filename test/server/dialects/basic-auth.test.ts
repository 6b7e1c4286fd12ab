import t from 'tap'
import { basicKey } from '../../../server/dialects/basic-auth.ts'

t.test('the password is the key, or the user where there is no password', async t => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
  const key = (text: string) => basicKey({ headers: { authorization: basic(text) } })
  t.equal(key('user:secret'), 'secret')
  t.equal(key('user:a:b'), 'a:b')
  t.equal(key('secret:'), 'secret')
  t.equal(key('secret'), 'secret')
  t.equal(basicKey({ headers: {} }), undefined)
  t.equal(basicKey({ headers: { authorization: 'Bearer x' } }), undefined)
})
