import t from 'tap'
import { Turn } from '../../../engine/scheduler/turn.ts'

t.test('jobs get places in order, and the last one to end ends the turn', async t => {
  const [one, many] = [new Turn('w'), new Turn('w', 3)]
  t.match(one, { worker: 'w', size: 1 })
  t.ok(one.leave())
  const places = [many.enter(), many.enter(), many.enter()]
  t.same(places.map(({ place, size }) => [place, size]), [[0, 3], [1, 3], [2, 3]])
  t.same([many.leave(), many.leave(), many.leave()], [false, false, true])
})
