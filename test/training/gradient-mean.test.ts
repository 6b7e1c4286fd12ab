import t from 'tap'
import { meanLosses, meanOf } from '../../training/gradient-mean.ts'

t.test('the mean of arrays', async t => {
  t.same([...meanOf([Float32Array.of(1, 2), Float32Array.of(3, 4), Float32Array.of(5, 9)])], [3, 5])
  const only = Float32Array.of(1, 2)
  t.equal(meanOf([only]), only)
})

t.test('the mean of each loss', async t => {
  t.same(meanLosses([{ losses: { loss: 1, part: 2 } }, { losses: { loss: 3, part: 6 } }]), { loss: 2, part: 4 })
})
