/** Bytes that a buffer keeps. Larger images get memory of their own. */
const MAX_KEPT = 2 ** 24

/**
 * Memory for one image after the other: each overwrites the one before. Fresh memory for each image costs about a millisecond of CPU time,
 * mostly for collecting it again.
 */
export class ReadBuffer {
  #memory = Buffer.alloc(0)

  /** Room for an image. What it contains is undefined. */
  take (bytes: number): Buffer {
    if (bytes > MAX_KEPT) return Buffer.allocUnsafeSlow(bytes)
    if (bytes > this.#memory.length) this.#memory = Buffer.allocUnsafeSlow(Math.min(MAX_KEPT, 2 * bytes))
    return this.#memory.subarray(0, bytes)
  }
}
