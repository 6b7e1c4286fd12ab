import t from 'tap'
import { duration, firstOf, throwProblems } from '../../../cli/eval/problems.ts'

const TWELVE = Array.from({ length: 12 }, (_, i) => `p${i}`)

t.test('long lists are cut', async t => {
  t.equal(firstOf(['a', 'b']), 'a, b')
  t.equal(firstOf(TWELVE), 'p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more')
})

t.test('problems become one error', async t => {
  throwProblems([])
  t.throws(() => throwProblems(['a: wrong', 'b: wrong']), { name: 'CommandError', message: 'a: wrong; b: wrong' })
})

t.test('durations', async t => t.equal(duration('mine', 2, 0.5), 'mine: 2 images in 0.5 s, 250.0 ms per image'))
