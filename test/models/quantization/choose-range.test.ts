import t from 'tap'
import { chooseRange, METHODS } from '../../../models/quantization/choose-range.ts'
import { Histogram } from '../../../models/quantization/histogram.ts'

/** A bell of values, twelve uniform numbers' sum, and one far outside. */
function bell (outlier: number): Histogram {
  const histogram = new Histogram()
  let seed = 1
  const uniform = (): number => (seed = seed * 16807 % 2147483647) / 2147483647
  histogram.add(Float32Array.from({ length: 100_000 }, () => Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x) - 6))
  histogram.add(Float32Array.of(outlier))
  return histogram
}

t.test('every method gives a range around zero, within the values', t => {
  const histogram = bell(40)
  for (const method of METHODS) {
    const [low, high] = chooseRange(histogram, method)
    t.ok(low < -1 && high > 1, method)
    t.ok(low >= histogram.range[0] && high <= histogram.range[1], method)
  }
  t.end()
})

t.test('only min-max pays for a value far outside', t => {
  const histogram = bell(40)
  t.equal(chooseRange(histogram, 'min-max')[1], 40)
  for (const method of METHODS.filter(method => method !== 'min-max')) t.ok(chooseRange(histogram, method)[1] < 40, method)
  t.end()
})

t.test('percentiles leave as many out as they say', t => {
  const [low, high] = chooseRange(bell(5), 'percentile-99.9')
  for (const end of [-low, high]) t.ok(Math.abs(end - 3.27) < 0.15, `${end} is where a bell has 1/2000 of its values beyond`)
  t.end()
})

t.test('negative values that are read smaller may be cut off earlier', t => {
  const histogram = bell(5)
  t.ok(chooseRange(histogram, 'least-squares', 0.1)[0] > chooseRange(histogram, 'least-squares', 1)[0])
  t.end()
})

t.test('what is never negative begins at zero', t => {
  const histogram = new Histogram()
  histogram.add(Float32Array.of(0, 1, 2, 3))
  for (const method of METHODS) t.ok(chooseRange(histogram, method)[0] === 0, method)
  t.end()
})
