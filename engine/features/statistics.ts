import { percentile } from '../numbers.ts'

const PERCENTILES = [1, 5, 25, 50, 75, 95, 99] as const
const BINS = 32

/** Percentiles by name: `p50` is the median. */
export type Percentiles = Record<`p${typeof PERCENTILES[number]}`, number | null>

/** Bin i counts the values from edge i to edge i + 1, the last bin its upper edge, too. */
export interface Histogram { readonly edges: readonly number[], readonly counts: readonly number[] }

/** Statistics of a layer's values. All except `nonFinite` cover the finite values, and are null if there are none. */
export interface Statistics {
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
  /** Population standard deviation, as numpy computes it. */
  readonly std: number | null
  /** The share of exact zeros, 0 … 1. */
  readonly zeros: number | null
  readonly percentiles: Percentiles
  readonly histogram: Histogram
  /** Number of NaN and infinite values. */
  readonly nonFinite: number
}

export function statisticsOf (data: Float32Array): Statistics {
  const sorted = finite(data).toSorted()
  const mean = orNull(sum(sorted, value => value) / sorted.length)
  return {
    min: sorted[0] ?? null,
    max: sorted.at(-1) ?? null,
    mean,
    std: orNull(Math.sqrt(sum(sorted, value => (value - (mean ?? 0)) ** 2) / sorted.length)),
    zeros: orNull(sum(sorted, value => value === 0 ? 1 : 0) / sorted.length),
    percentiles: Object.fromEntries(PERCENTILES.map(p => [`p${p}`, orNull(percentile(sorted, p))])) as Percentiles,
    histogram: histogram(sorted),
    nonFinite: data.length - sorted.length
  }
}

/** The finite values; the data itself if all are finite. */
export const finite = (data: Float32Array): Float32Array => data.every(Number.isFinite) ? data : data.filter(Number.isFinite)

/** Equal bins over the range; over ±0.5 if all values are equal. */
function histogram (sorted: Float32Array): Histogram {
  if (sorted.length === 0) return { edges: [], counts: [] }
  const [min, max] = [sorted[0]!, sorted.at(-1)!]
  const [low, high] = min < max ? [min, max] : [min - 0.5, max + 0.5]
  const counts = new Array<number>(BINS).fill(0)
  for (const value of sorted) counts[Math.min(Math.floor((value - low) / (high - low) * BINS), BINS - 1)]!++
  return { edges: Array.from({ length: BINS + 1 }, (_, i) => low + (high - low) * i / BINS), counts }
}

function sum (values: Float32Array, of: (value: number) => number): number {
  let total = 0
  for (const value of values) total += of(value)
  return total
}

/** NaN, the mean of nothing, as null for JSON. */
const orNull = (value: number): number | null => Number.isNaN(value) ? null : value
