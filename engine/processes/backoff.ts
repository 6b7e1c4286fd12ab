const FIRST_DELAY = 250
const LONGEST_DELAY = 30_000

/** Milliseconds to wait after so many failures in a row. */
export const backoff = (failures: number): number =>
  failures === 0 ? 0 : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** (failures - 1))
