import t from 'tap'
import { queryOf } from '../../client/query.ts'

t.test('a query has what is given', async t => {
  t.equal(queryOf({}), '')
  t.equal(queryOf({ model: undefined }), '')
  t.equal(queryOf({ model: 'a b', top: 1, on: true, off: undefined }), '?model=a+b&top=1&on=true')
})
