import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { compare, interleave, ratioOf, rotated } from '../../cli/compare.ts'

t.test('half the time is twice as fast', async t => {
  const [slow, fast] = await compare({ slow: () => sleep(40), fast: () => sleep(20) }, 7)
  t.match(slow, { name: 'slow', ratio: 1, spread: [1, 1] })
  t.equal(fast!.name, 'fast')
  t.ok(slow!.median >= 39 && fast!.median >= 19 && fast!.median < slow!.median)
  t.ok(fast!.ratio > 1.3 && fast!.ratio < 2.5, `${fast!.ratio}`)
  t.ok(fast!.spread[0] <= fast!.ratio && fast!.ratio <= fast!.spread[1])
})

t.test('every round runs all of them, each round another first', async t => {
  const order: string[] = []
  const variant = (name: string) => async () => { order.push(name) }
  const results = await compare({ a: variant('a'), b: variant('b'), c: variant('c') }, 4)
  t.same(order.slice(-12).join(''), 'abcbcacababc')
  t.same(order.length % 3, 0)
  t.same(results.map(({ name }) => name), ['a', 'b', 'c'])
})

t.test('what a variant throws, compare throws', t =>
  t.rejects(compare({ a: async () => { throw new Error('broken') } }, 1), { message: 'broken' }))

t.test('results round by round, without those of the warm-up', async t => {
  let calls = 0
  const next = async () => calls++
  t.same(await interleave({ a: next, b: next }, 3, 1), { a: [2, 5, 6], b: [3, 4, 7] })
})

t.test('a ratio and its middle half', async t => {
  t.same(ratioOf([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]), { ratio: 3, spread: [2, 4] })
  t.same(rotated([1, 2, 3], 4), [2, 3, 1])
})
