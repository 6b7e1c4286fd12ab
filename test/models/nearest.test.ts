import t from 'tap'
import { nearestNames } from '../../models/nearest.ts'

t.test('the names most like one that does not exist', async t => {
  t.same(nearestNames('stge4', ['stage2', 'stage4', 'p3', 'stem']), ['stage4', 'stage2', 'stem'])
  t.same(nearestNames('x', []), [])
  t.same(nearestNames('x'.repeat(65), ['x']), [])
})
