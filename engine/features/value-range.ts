import { percentile } from '../numbers.ts'
import { finite } from './statistics.ts'
import { formatNumber, svgText } from './svg.ts'

/** Between the lowest and the highest colour. */
export interface ValueRange {
  readonly min: number
  readonly max: number
  /** There are values beyond: they look like the nearest within. */
  readonly isCut: boolean
}

/** Of fewer values than this, none is cut off. */
const MANY_VALUES = 100

/** The finite values from percentile 1 to 99: single cells that respond many times as strongly would leave one colour to all the others. */
export function colorRange (values: Float32Array): ValueRange {
  const sorted = finite(values).toSorted()
  const [min, max] = [percentile(sorted, 1), percentile(sorted, 99)]
  if (sorted.length >= MANY_VALUES && min < max) return { min, max, isCut: true }
  return { min: percentile(sorted, 0), max: percentile(sorted, 100), isCut: false }
}

/** The labels below a colour bar from `left` to `right`, on a baseline. */
export function rangeLabels ({ min, max, isCut }: ValueRange, left: number, right: number, baseline: number): string[] {
  const [atMost, atLeast] = isCut ? ['≤ ', '≥ '] : ['', '']
  return [
    svgText(left, baseline, atMost + formatNumber(min)),
    svgText((left + right) / 2, baseline, formatNumber((min + max) / 2), { anchor: 'middle' }),
    svgText(right, baseline, atLeast + formatNumber(max), { anchor: 'end' })
  ]
}
