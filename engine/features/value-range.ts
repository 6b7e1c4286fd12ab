import { percentile } from '../numbers.ts'
import { finite } from './statistics.ts'
import { formatNumber, svgText } from './svg.ts'

/** Between the lowest and the highest color. */
export interface ValueRange {
  readonly min: number
  readonly max: number
  /** Some values are outside and are drawn like the nearest inside. */
  readonly isCut: boolean
}

/** With fewer values than this, none are clipped. */
const MANY_VALUES = 100

/** The finite values from percentile 1 to 99: a few extreme cells would leave one color for all others. */
export function colorRange (values: Float32Array): ValueRange {
  const sorted = finite(values).toSorted()
  const [min, max] = [percentile(sorted, 1), percentile(sorted, 99)]
  if (sorted.length >= MANY_VALUES && min < max) return { min, max, isCut: true }
  return { min: percentile(sorted, 0), max: percentile(sorted, 100), isCut: false }
}

/** The labels below a color bar from `left` to `right`, on a baseline. */
export function rangeLabels ({ min, max, isCut }: ValueRange, left: number, right: number, baseline: number): string[] {
  const [atMost, atLeast] = isCut ? ['≤ ', '≥ '] : ['', '']
  return [
    svgText(left, baseline, atMost + formatNumber(min)),
    svgText((left + right) / 2, baseline, formatNumber((min + max) / 2), { anchor: 'middle' }),
    svgText(right, baseline, atLeast + formatNumber(max), { anchor: 'end' })
  ]
}
