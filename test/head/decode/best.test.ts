import t from 'tap'
import { best } from '../../../head/decode/best.ts'
import { seeded } from '../../support/seeded.ts'

const identity = (score: number): number => score

/** The same by sorting everything. */
function bySorting (items: readonly number[], scoreOf: (item: number) => number, count: number): number[] {
  const order = [...items.keys()].sort((a, b) => scoreOf(items[b]!) - scoreOf(items[a]!) || a - b)
  return order.slice(0, count).sort((a, b) => a - b).map(i => items[i]!)
}

t.test('the highest scores, in their order', async t => {
  t.same(best([3, 1, 4, 1, 5, 9, 2, 6], identity, 3), [5, 9, 6])
  t.same(best(['a', 'ccc', 'bb'], ({ length }) => length, 2), ['ccc', 'bb'])
  t.same(best([2, 1], identity, 2), [2, 1], 'all, where there are no more')
  t.same(best([], identity, 2), [])
})

t.test('of equal scores, the first', async t => {
  const items = [{ id: 1, score: 0.5 }, { id: 2, score: 0.7 }, { id: 3, score: 0.5 }, { id: 4, score: 0.5 }]
  t.same(best(items, ({ score }) => score, 3).map(({ id }) => id), [1, 2, 3])
})

t.test('equals sorting, whatever the order and however many are equal', async t => {
  for (let run = 0; run < 200; run++) {
    const next = seeded(`best ${run}`)
    const kinds = run % 2 === 0 ? 5 : 1e9
    const items = Array.from({ length: 1 + Math.floor(next() * 300) }, () => Math.floor(next() * kinds))
    if (run % 3 === 0) items.sort((a, b) => a - b)
    if (run % 3 === 1) items.sort((a, b) => b - a)
    const count = 1 + Math.floor(next() * 300)
    t.same(best(items, identity, count), bySorting(items, identity, count), `run ${run}`)
  }
})
