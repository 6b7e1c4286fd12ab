import t from 'tap'
import { smallest } from '../../../training/targets/smallest.ts'

t.test('finds the smallest values of a range in order, the earlier at a tie', async t => {
  const values = [0, 5, 3, 9, 3, 1, 0]
  t.same(smallest(3, 1, 6, i => values[i]!), [5, 2, 4])
  t.same(smallest(1, 1, 6, i => values[i]!), [5])
})

t.test('all, if there are fewer', async t => {
  t.same(smallest(9, 0, 3, i => -i), [2, 1, 0])
  t.same(smallest(9, 2, 2, i => i), [])
})
