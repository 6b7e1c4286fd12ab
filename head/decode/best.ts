/**
 * Up to `count` items with the highest scores, in their order. Of equal scores, the first items stay.
 * Nothing is sorted: the time is linear in the number of items.
 */
export function best<T> (items: readonly T[], scoreOf: (item: T) => number, count: number): T[] {
  if (items.length <= count) return [...items]
  const scores = items.map(scoreOf)
  const least = nthHighest(Float64Array.from(scores), count)
  let ties = count - scores.filter(score => score > least).length
  return items.filter((_, i) => scores[i]! > least || (scores[i] === least && ties-- > 0))
}

/** The n-th highest value, counted from 1. Quickselect: https://doi.org/10.1145/366622.366647. It reorders the values. */
function nthHighest (values: Float64Array, n: number): number {
  let first = 0
  let last = values.length - 1
  while (first < last) {
    const [left, right] = partition(values, first, last)
    if (n - 1 <= right) last = right
    else if (n - 1 >= left) first = left
    else break
  }
  return values[n - 1]!
}

/** Moves higher values to the left of the middle value, and returns the start of the right part and the end of the left one. */
function partition (values: Float64Array, first: number, last: number): [left: number, right: number] {
  const pivot = values[(first + last) >> 1]!
  let left = first
  let right = last
  while (left <= right) {
    while (values[left]! > pivot) left++
    while (values[right]! < pivot) right--
    if (left > right) break
    const value = values[left]!
    values[left++] = values[right]!
    values[right--] = value
  }
  return [left, right]
}
