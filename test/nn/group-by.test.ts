import t from 'tap'
import { groupBy } from '../../nn/group-by.ts'

t.test('items and keys keep their order', async t => {
  t.same([...groupBy([5, 2, 3, 8], n => n % 2 === 0)], [[false, [5, 3]], [true, [2, 8]]])
  t.same([...groupBy([], String)], [])
})
