import t from 'tap'
import { epochBatches } from '../../../training/data/order.ts'

t.test('every photo is in an epoch, in another order each', async t => {
  const batches = epochBatches(12, 4, 7, 0)
  t.same(batches.map(batch => batch.length), [4, 4, 4])
  t.same(batches.flat().toSorted((a, b) => a - b), Array.from({ length: 12 }, (_, i) => i))
  t.same(epochBatches(12, 4, 7, 0), batches)
  t.notSame(epochBatches(12, 4, 7, 1), batches)
  t.notSame(epochBatches(12, 4, 8, 0), batches)
})

t.test('the last batch is filled up from the front, also where there are fewer photos than places', async t => {
  const [first, second] = epochBatches(5, 4, 1, 0)
  t.same(new Set([...first!, second![0]!]), new Set([0, 1, 2, 3, 4]))
  t.same(second!.slice(1), first!.slice(0, 3))
  const [only, ...more] = epochBatches(2, 5, 1, 0)
  t.same(more, [])
  t.same(only!.filter(index => index === only![0]).length, 3)
})
