/** Random numbers in [0, 1) that depend on a seed alone (mulberry32). */
export function randomOf (seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const between = (random, low, high) => low + (high - low) * random()
export const oneOf = (random, items) => items[Math.floor(random() * items.length)]
