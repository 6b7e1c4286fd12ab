import t from 'tap'
import { basicKey } from '../../../server/dialects/basic-auth.ts'

t.test('the password is the key, or the user where there is no password', async t => {
  const key = (text: string) => basicKey({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } })
  t.equal(key('user:secret'), 'secret')
  t.equal(key('user:a:b'), 'a:b')
  t.equal(key('secret:'), 'secret')
  t.equal(key('secret'), 'secret')
  t.equal(basicKey({ headers: {} }), undefined)
  t.equal(basicKey({ headers: { authorization: 'Bearer x' } }), undefined)
})
