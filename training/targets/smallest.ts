/**
 * The indices from `from` (inclusive) to `to` (exclusive) with the smallest values, smallest first; at a tie, the earlier index. Fast for
 * small counts.
 */
export function smallest (count: number, from: number, to: number, valueOf: (index: number) => number): number[] {
  const found: number[] = []
  const values: number[] = []
  for (let i = from; i < to; i++) {
    const value = valueOf(i)
    if (found.length === count && value >= values[count - 1]!) continue
    let at = Math.min(found.length, count - 1)
    for (; at > 0 && values[at - 1]! > value; at--) {
      found[at] = found[at - 1]!
      values[at] = values[at - 1]!
    }
    found[at] = i
    values[at] = value
  }
  return found
}
