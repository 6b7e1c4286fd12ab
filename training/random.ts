/** Numbers in [0, 1), one a call. */
export type Random = () => number

const HASH_START = 0x811c9dc5
const HASH_FACTOR = 0x01000193

/**
 * A sequence of random numbers that depends on its seed alone, such as `random(seed, 'order', epoch)`: FNV-1a over the parts seeds
 * mulberry32. With a sequence for each purpose, none depends on how often another is used, or in which process.
 */
export function random (...seed: ReadonlyArray<string | number>): Random {
  let state = Buffer.from(seed.join('/')).reduce((hash, byte) => Math.imul(hash ^ byte, HASH_FACTOR) >>> 0, HASH_START)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A number in [low, high). */
export const uniform = (next: Random, low: number, high: number): number => low + (high - low) * next()

/** A number of the standard normal distribution, by the Box–Muller transform. */
export const normal = (next: Random): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

/** The items in random order (Fisher–Yates). */
export function shuffled<T> (items: readonly T[], next: Random): T[] {
  const order = [...items]
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor(next() * (i + 1))
    ;[order[i], order[other]] = [order[other]!, order[i]!]
  }
  return order
}
