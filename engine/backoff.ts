/** Milliseconds: the first delay, and the longest. */
export interface Delays { readonly first: number, readonly longest: number }

/** Milliseconds to wait after a number of consecutive failures: none, the first delay, then twice the previous one. */
export const backoff = (failures: number, { first, longest }: Delays): number =>
  failures === 0 ? 0 : Math.min(longest, first * 2 ** (failures - 1))
