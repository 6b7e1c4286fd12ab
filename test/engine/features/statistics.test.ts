import t from 'tap'
import { finite, statisticsOf } from '../../../engine/features/statistics.ts'
import { seededFloats } from '../../support/seeded.ts'

t.test('figures that a pencil gives', async t => {
  const { histogram, percentiles, ...rest } = statisticsOf(Float32Array.of(4, 0, -2, 0, 8))
  t.same(rest, { min: -2, max: 8, mean: 2, std: Math.sqrt(64 / 5), zeros: 0.4, nonFinite: 0 })
  const rounded = Object.entries(percentiles).map(([name, value]) => [name, Number(value!.toFixed(9))])
  t.same(Object.fromEntries(rounded), { p1: -1.92, p5: -1.6, p25: 0, p50: 0, p75: 4, p95: 7.2, p99: 7.84 })
  t.equal(histogram.edges.length, 33)
  t.strictSame([histogram.edges[0], histogram.edges[16], histogram.edges[32]], [-2, 3, 8])
  t.same(histogram.counts.flatMap((count, i) => count > 0 ? [[i, count]] : []), [[0, 1], [6, 2], [19, 1], [31, 1]])
})

t.test('many values agree with counting', async t => {
  const values = seededFloats('statistics', 5000, u => u * u - 0.25)
  const { percentiles, histogram: { edges, counts }, mean, zeros } = statisticsOf(values)
  t.equal(values.filter(value => value <= percentiles.p25!).length, 1250)
  t.equal(values.filter(value => value > percentiles.p99!).length, 50)
  counts.forEach((count, i) => {
    const isLast = i === counts.length - 1
    t.equal(count, values.filter(value => value >= edges[i]! && (value < edges[i + 1]! || isLast)).length)
  })
  t.ok(Math.abs(mean! - (1 / 3 - 0.25)) < 0.01)
  t.equal(zeros, 0)
})

t.test('NaN and infinities are counted and left out', async t => {
  const { nonFinite, min, max, mean, zeros } = statisticsOf(Float32Array.of(NaN, 1, -Infinity, 3, Infinity, -0, NaN))
  t.same({ nonFinite, min, max, mean, zeros }, { nonFinite: 4, min: 0, max: 3, mean: 4 / 3, zeros: 1 / 3 })
})

t.test('the data given stays as it is', async t => {
  const data = Float32Array.of(3, 1, 2)
  statisticsOf(data)
  t.same([...data], [3, 1, 2])
  t.equal(finite(data), data)
  t.same([...finite(Float32Array.of(3, NaN, 1, -Infinity))], [3, 1])
})

t.test('a constant has a bin of its own', async t => {
  const { std, percentiles, histogram: { edges, counts } } = statisticsOf(new Float32Array(7).fill(0.5))
  t.same({ std, p1: percentiles.p1, p99: percentiles.p99 }, { std: 0, p1: 0.5, p99: 0.5 })
  t.strictSame([edges[0], edges[32], counts[16], counts.reduce((a, b) => a + b)], [0, 1, 7, 7])
})

t.test('of nothing, nothing is said', async t => {
  for (const [data, nonFinite] of [[[], 0], [[NaN], 1]] as const) {
    const { percentiles, ...rest } = statisticsOf(Float32Array.from(data))
    t.same(rest, { min: null, max: null, mean: null, std: null, zeros: null, histogram: { edges: [], counts: [] }, nonFinite })
    t.ok(Object.values(percentiles).every(value => value === null))
  }
})
