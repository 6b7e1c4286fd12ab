import type { Range } from '../../nn/passes/quantize.ts'
import type { Histogram } from './histogram.ts'

/** Methods for choosing the range of a scale; values outside are clipped. */
export const METHODS = ['min-max', 'percentile-99.9', 'percentile-99.99', 'entropy', 'least-squares-5', 'least-squares'] as const
export type Method = typeof METHODS[number]

const BYTES = 256
/** Weight of clipping errors against rounding errors: they have one sign, and affect strong responses. Chosen by AP on coco128. */
const CUT_WEIGHT = 1.7
/** Candidates for an end of the range, as fractions of the largest. */
const CANDIDATES = Array.from({ length: 40 }, (_, i) => (i + 1) / 40)

/** @param slope factor of negative values before they are read, which scales their errors */
export function chooseRange (histogram: Histogram, method: Method, slope = 1): Range {
  switch (method) {
    case 'min-max': return histogram.range
    case 'percentile-99.9': return percentile(histogram, 0.999)
    case 'percentile-99.99': return percentile(histogram, 0.9999)
    case 'entropy': return best(histogram, range => divergence(histogram, range))
    case 'least-squares-5': return best(histogram, range => squaredError(histogram, range, slope, 5))
    case 'least-squares': return best(histogram, range => squaredError(histogram, range, slope, CUT_WEIGHT))
  }
}

/** The range that contains this share of all values, with equally many below and above. */
function percentile (histogram: Histogram, share: number): Range {
  const { counts, range: [low, high] } = histogram
  const total = counts.reduce((sum, count) => sum + count, 0)
  const valueAt = (rank: number): number => {
    let seen = 0
    return histogram.valueOf(counts.findIndex(count => (seen += count) >= rank))
  }
  const outside = (1 - share) / 2 * total
  return [Math.max(low, Math.min(0, valueAt(outside))), Math.min(high, Math.max(0, valueAt(total - outside)))]
}

/** The candidate range of least cost: optimizes one end after the other, twice. */
function best ({ range: [low, high] }: Histogram, cost: (range: Range) => number): Range {
  const lows = low < 0 ? CANDIDATES.map(part => part * low) : [0]
  const cheapest = (ranges: readonly Range[]): Range => {
    const costs = ranges.map(cost)
    return ranges[costs.indexOf(Math.min(...costs))]!
  }
  let range: Range = [low, high]
  for (let round = 0; round < 2; round++) {
    range = cheapest(CANDIDATES.map(part => [range[0], part * high]))
    range = cheapest(lows.map(from => [from, range[1]]))
  }
  return range
}

/** Squared error of rounding and clipping over all values: step² / 12 for each, plus the weighted square of the clipped part. */
function squaredError (histogram: Histogram, [low, high]: Range, slope: number, cutWeight: number): number {
  let error = 0
  const rounding = ((high - low) / (BYTES - 1)) ** 2 / 12
  for (const [bin, count] of histogram.counts.entries()) {
    if (count === 0) continue
    const value = histogram.valueOf(bin)
    const cut = value < low ? slope * (low - value) : value > high ? value - high : 0
    error += count * (rounding + cutWeight * cut * cut)
  }
  return error
}

/**
 * Kullback–Leibler divergence between original and stored values, as TensorRT chooses ranges (Migacz, "8-bit Inference with
 * TensorRT", GTC 2017): values outside count at the end of the range, and bins of one byte get their mean.
 */
function divergence (histogram: Histogram, [low, high]: Range): number {
  const bins = [...histogram.counts.entries()].filter(([, count]) => count > 0)
    .map(([bin, count]) => ({ count, place: (histogram.valueOf(bin) - low) / (high - low) * BYTES }))
  const inside = bins.filter(({ place }) => place >= 0 && place < BYTES)
  const below = bins.filter(({ place }) => place < 0).reduce((sum, { count }) => sum + count, 0)
  const above = bins.filter(({ place }) => place >= BYTES).reduce((sum, { count }) => sum + count, 0)
  const [sums, counts] = [new Float64Array(BYTES), new Float64Array(BYTES)]
  for (const { place, count } of inside) {
    sums[Math.floor(place)]! += count
    counts[Math.floor(place)]!++
  }
  const total = inside.reduce((sum, { count }) => sum + count, 0)
  return inside.reduce((sum, { place, count }, i) => {
    const clipped = count + (i === 0 ? below : 0) + (i === inside.length - 1 ? above : 0)
    const stored = sums[Math.floor(place)]! / counts[Math.floor(place)]! / total
    const actual = clipped / (total + below + above)
    return sum + actual * Math.log(actual / stored)
  }, 0)
}
