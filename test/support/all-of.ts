/** All values of an iterable, as Array.fromAsync gives them from Node 22 on. */
export async function allOf<T> (values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const value of values) all.push(value)
  return all
}
