import t from 'tap'
import { range, show } from '../../bench/format.ts'

t.test('values', async t => {
  t.same([12.345, 1.005, 123.4, 3, 0.05, null].map(show), ['12.3', '1.00', '123', '3', '0.05', '–'])
  t.equal(range([0.93, 0.9512], 3), '0.930 … 0.951')
})
