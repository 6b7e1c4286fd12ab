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

/** The values of the lowest, the middle and the highest color, as texts. */
export function rangeTexts ({ min, max, isCut }: ValueRange): [lowest: string, middle: string, highest: string] {
  const [atMost, atLeast] = isCut ? ['≤ ', '≥ '] : ['', '']
  return [atMost + formatNumber(min), formatNumber((min + max) / 2), atLeast + formatNumber(max)]
}

/** The labels below a color bar from `left` to `right`, on a baseline. */
export function rangeLabels (range: ValueRange, left: number, right: number, baseline: number): string[] {
  const [lowest, middle, highest] = rangeTexts(range)
  return [
    svgText(left, baseline, lowest),
    svgText((left + right) / 2, baseline, middle, { anchor: 'middle' }),
    svgText(right, baseline, highest, { anchor: 'end' })
  ]
}
