import t from 'tap'
import { groupBy } from '../../../cli/eval/ground-truth.ts'

t.test('groups items by a key, in order', async t => {
  const items = [{ image_id: 2, n: 0 }, { image_id: 'a', n: 1 }, { image_id: 2, n: 2 }]
  t.same([...groupBy(items, 'image_id')], [[2, [items[0], items[2]]], ['a', [items[1]]]])
})
