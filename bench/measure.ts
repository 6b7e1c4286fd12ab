import { ratioOf, type Ratio } from '../cli/compare.ts'
import { median } from '../engine/numbers.ts'

/** A measurement of two sides in the same rounds. `ratio` is B ÷ A. Names are those of the JSON report. */
export interface Measure extends Ratio {
  readonly name: string
  /** The median. */
  readonly a: number
  readonly b: number
  readonly rounds: number
}

/** @param a values of side A, round by round */
export const measureOf = (name: string, a: readonly number[], b: readonly number[]): Measure =>
  ({ name, a: median(a), b: median(b), rounds: a.length, ...ratioOf(b, a) })
