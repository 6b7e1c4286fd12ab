/** A file of the cache that can't be used; the message says why. */
export class StaleError extends Error {
  override readonly name = 'StaleError'
}
