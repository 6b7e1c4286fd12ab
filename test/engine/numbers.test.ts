import t from 'tap'
import { counted, median, percentile, rounded, significant } from '../../engine/numbers.ts'

t.test('decimals and digits', async t => {
  t.same([rounded(1.25, 1), rounded(-0.004, 2), rounded(1234.5, 0)], [1.3, -0, 1235])
  t.same([significant(1234.5, 3), significant(0.00123456, 3), significant(0, 3)], [1230, 0.00123, 0])
})

t.test('percentiles lie between neighbors', async t => {
  const values = Float32Array.of(10, 20, 30, 40)
  t.same([0, 25, 50, 100].map(percent => percentile(values, percent)), [10, 17.5, 25, 40])
  t.same([percentile([7], 99), percentile([], 50)], [7, NaN])
})

t.test('the median of values in any order', async t => {
  t.same([median([3, 1, 2]), median([10, 4, 2, 3]), median([])], [2, 3.5, NaN])
})

t.test('counts have a singular', async t => {
  t.same([counted(1, 'image'), counted(2, 'image')], ['1 image', '2 images'])
  t.same([counted(1, 'photo'), counted(0, 'photo'), counted(2, 'photo')], ['1 photo', '0 photos', '2 photos'])
})
