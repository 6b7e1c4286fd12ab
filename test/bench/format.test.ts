import t from 'tap'
import { count, range, show } from '../../bench/format.ts'

t.test('values', async t => {
  t.same([12.345, 1.005, 123.4, 3, 0.05, null].map(show), ['12.3', '1.00', '123', '3', '0.05', '–'])
  t.same([count(1, 'photo'), count(0, 'photo'), count(2, 'photo')], ['1 photo', '0 photos', '2 photos'])
  t.equal(range([0.93, 0.9512], 3), '0.930 … 0.951')
})
