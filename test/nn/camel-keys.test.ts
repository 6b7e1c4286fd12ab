import t from 'tap'
import { camelKeys } from '../../nn/camel-keys.ts'

t.test('keys change, what is under them does not', async t => {
  const found = camelKeys({ name: 'a', reg_max: 7, share_cls_reg: { is_left: 1 } })
  t.same(found, { name: 'a', regMax: 7, shareClsReg: { is_left: 1 } })
  t.equal(found.regMax, 7)
})
