import t from 'tap'
import { measureOf } from '../../bench/measure.ts'

t.test('medians, and B ÷ A round by round', async t => {
  t.same(measureOf('ms', [10, 20, 40], [20, 20, 20]), { name: 'ms', a: 20, b: 20, rounds: 3, ratio: 1, spread: [0.75, 1.5] })
})
