import t from 'tap'
import { shortened, startOf, suspectsOf, type Progress } from '../../../bulk/queue/suspects.ts'

const died = (inWork: string[], deaths: string[][] = []): Progress => ({ done: 5, failed: 1, inWork, deaths })

t.test('a start keeps what was in work at each death', async t => {
  t.strictSame(startOf(undefined), { done: 0, failed: 0, inWork: [], deaths: [] })
  t.strictSame(startOf(0), startOf(undefined), 'BullMQ\'s first progress')
  t.strictSame(startOf(died([])), startOf(undefined), 'handed back: nothing was in work')
  t.strictSame(startOf(died(['a', 'b'])).deaths, [['a', 'b']])
  t.strictSame(startOf(died(['d'], [['a'], ['b'], ['c']])).deaths, [['b'], ['c'], ['d']], 'the last three')
})

t.test('suspects were in work at every death, or at the last', async t => {
  t.strictSame(suspectsOf(died(['b', 'c'], [['a', 'b'], ['b', 'd']])), ['b'])
  t.strictSame(suspectsOf(died(['c'], [['a'], ['b']])), ['c'])
  t.strictSame(suspectsOf({}), [])
})

t.test('names are few and short', async t => {
  const names = shortened(new Set(['x'.repeat(1000), ...Array.from({ length: 100 }, (_, i) => `${i}`)]))
  t.equal(names.length, 64)
  t.equal(names[0]!.length, 300)
})
