import t from 'tap'
import { collected } from '../../../bulk/outputs/collected.ts'
import { gather } from '../../support/gather.ts'

t.test('joins small pieces', async t => {
  async function * pieces () { yield * ['å', Buffer.from('b'), '', 'c'.repeat(2 ** 18), 'd', Buffer.from('e')] }
  const joined = await gather(collected(pieces()))
  t.same(joined.map(({ length }) => length), [2 ** 18 + 3, 2])
  t.equal(Buffer.concat(joined).toString(), `åb${'c'.repeat(2 ** 18)}de`)
})
