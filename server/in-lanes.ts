/**
 * Maps items, up to `lanes` at a time. The results are in the order of the items.
 * @throws the first error of `map`; no more items are started then
 */
export async function inLanes<T, R> (items: readonly T[], lanes: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  let failed = false
  const lane = async (): Promise<void> => {
    for (const [i, item] of queue) {
      if (failed) return
      results[i] = await map(item).catch((error: unknown) => { failed = true; throw error })
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return results
}
