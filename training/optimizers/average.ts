/** Moving average of the weights. Upstream: nanodet/model/weight_averager/ema.py */
import type { Floats } from './floats.ts'

/** Steps after which the average reaches 63 % of its final inertia. */
const RAMP = 2000

/**
 * The weight of the new values in the average: nearly 1 at first, 1 − decay in the end.
 * @param iteration steps of the optimizer so far, 1 at the first update
 */
export const averageWeight = (decay: number, iteration: number): number => decay * Math.exp(-(1 + iteration) / RAMP) + 1 - decay

/** Moves the average, in place, towards new values. */
export function updateAverage<A extends Floats> (average: A, values: A, weight: number): void {
  for (let i = 0; i < average.length; i++) average[i] = average[i]! * (1 - weight) + values[i]! * weight
}
