import t from 'tap'
import { Histogram } from '../../../models/quantization/histogram.ts'

t.test('counts values where they are', t => {
  const histogram = new Histogram()
  histogram.add(Float32Array.of(-3, 0, 0.5, 0.5, 5))
  const found = [...histogram.counts.entries()].filter(([, count]) => count > 0).map(([bin, count]) => [histogram.valueOf(bin), count])
  t.same(found.map(([, count]) => count), [1, 1, 2, 1])
  for (const [i, value] of [-3, 0, 0.5, 5].entries()) t.ok(Math.abs(found[i]![0]! - value) <= 8 / 2048, `${value}`)
  t.same(histogram.range, [-3, 5])
  t.end()
})

t.test('grows with what comes, and forgets nothing', t => {
  const histogram = new Histogram()
  for (const value of [0.001, 1, 1000, -1e6]) histogram.add(new Float32Array(10).fill(value))
  t.equal(histogram.counts.reduce((sum, count) => sum + count, 0), 40)
  t.same(histogram.range, [-1e6, 1000])
  t.end()
})

t.test('the range has zero in it', t => {
  const histogram = new Histogram()
  histogram.add(Float32Array.of(3, 4))
  t.same(histogram.range, [0, 4])
  t.end()
})
