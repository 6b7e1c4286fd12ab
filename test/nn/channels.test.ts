import t from 'tap'
import { makeDivisible } from '../../nn/channels.ts'

t.test('makeDivisible', async t => {
  t.equal(makeDivisible(32), 32)
  t.equal(makeDivisible(33.6), 32, 'the nearest multiple')
  t.equal(makeDivisible(36), 40, 'up where two are as near')
  t.equal(makeDivisible(11.2), 16, 'up where the nearest is less than 90 %')
  t.equal(makeDivisible(3), 8, 'at least one')
  t.equal(makeDivisible(18, 4), 20)
})
