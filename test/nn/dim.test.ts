import t from 'tap'
import { ceilDiv, formatShape, product, sameShape, sum, times } from '../../nn/dim.ts'

t.test('numbers are computed', async t => {
  t.equal(ceilDiv(13, 2), 7)
  t.equal(times(13, 2), 26)
  t.equal(times(13, 0.5), 6)
  t.equal(product([2, 3, 4]), 24)
  t.equal(sum([2, 3]), 5)
})

t.test('names keep track of what they were divided by', async t => {
  t.equal(ceilDiv('H', 1), 'H')
  t.equal(ceilDiv(ceilDiv('H', 2), 4), 'H/8')
  t.equal(times('H/8', 2), 'H/4')
  t.equal(times('H/2', 2), 'H')
  t.equal(times('H/2', 0.5), 'H/4')
  t.equal(times('H', 2), 'H*2')
  t.equal(product([1, 'H/8', 'W/8']), 'H/8*W/8')
  t.equal(sum([product(['H/8', 'W/8']), product(['H/16', 'W/16'])]), 'H/8*W/8+H/16*W/16')
  t.equal(product(['A+B', 2]), '(A+B)*2')
  t.equal(ceilDiv('A+B', 2), '(A+B)/2')
})

t.test('shapes', async t => {
  t.ok(sameShape([1, 'H'], [1, 'H']))
  t.notOk(sameShape([1, 'H'], [1, 'W']))
  t.notOk(sameShape([1], [1, 1]))
  t.equal(formatShape([1, 'H', 3]), '[1, H, 3]')
})
