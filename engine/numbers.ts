/** Rounds to a number of decimals. */
export const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals))

/** Rounds to a number of significant digits. */
export const significant = (value: number, digits: number): number => Number(value.toPrecision(digits))

/** A percentile of ascending values, linear between neighbors like numpy's; NaN if there are none. */
export function percentile (sorted: ArrayLike<number>, percent: number): number {
  const position = (sorted.length - 1) * percent / 100
  const below = sorted[Math.floor(position)] ?? NaN
  const above = sorted[Math.ceil(position)] ?? NaN
  return below + (above - below) * (position - Math.floor(position))
}

/** The median of values in any order; NaN if there are none. */
export const median = (values: readonly number[]): number => percentile(values.toSorted((a, b) => a - b), 50)

/** `1 image`, `2 images` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
