import t from 'tap'
import { normal, random, shuffled, uniform } from '../../training/random.ts'
import { seededFloats } from '../support/seeded.ts'

const many = (draw: () => number, count = 20_000): number[] => Array.from({ length: count }, draw)
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

t.test('a sequence depends on the parts of its seed, and equals the one that reference values are made with', async t => {
  t.same(many(random(1, 'order'), 5), many(random(1, 'order'), 5))
  t.not(random(1, 'order')(), random(2, 'order')())
  t.not(random(1, 'order')(), random(1, 'flips')())
  t.same(Float32Array.from(many(random('input'), 9)), seededFloats('input', 9, u => u))
})

t.test('uniform numbers fill their range', async t => {
  const next = random('uniform')
  const values = many(() => uniform(next, -2, 6))
  t.ok(Math.abs(mean(values) - 2) < 0.05)
  t.ok(Math.min(...values) >= -2 && Math.max(...values) < 6)
})

t.test('normal numbers have mean 0 and variance 1', async t => {
  const next = random('normal')
  const values = many(() => normal(next))
  t.ok(Math.abs(mean(values)) < 0.03)
  t.ok(Math.abs(mean(values.map(value => value ** 2)) - 1) < 0.03)
  t.ok(values.every(Number.isFinite))
})

t.test('shuffling keeps every item, and moves each to every place alike', async t => {
  const next = random('shuffle')
  const items = [0, 1, 2, 3]
  const places = many(() => shuffled(items, next).indexOf(0), 4000)
  t.same(shuffled(items, next).toSorted(), items)
  t.same(items, [0, 1, 2, 3])
  for (const place of items) t.ok(Math.abs(places.filter(found => found === place).length - 1000) < 120, `place ${place}`)
})
