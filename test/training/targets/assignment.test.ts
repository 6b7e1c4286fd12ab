import t from 'tap'
import { assignmentOf } from '../../../training/targets/assignment.ts'

t.test('lists the points that have an object', async t => {
  const { points, objects, overlaps } = assignmentOf(Int32Array.of(-1, 2, -1, 0), (point, object) => point + object / 4)
  t.same([...points], [1, 3])
  t.same([...objects], [2, 0])
  t.same([...overlaps], [1.5, 3])
})

t.test('of a photo without objects, none', async t => {
  t.equal(assignmentOf(new Int32Array(4).fill(-1), () => NaN).points.length, 0)
})
