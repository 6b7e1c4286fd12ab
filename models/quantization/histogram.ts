const BINS = 4096
const HALF = BINS / 2

/** Counts values in bins of equal width around zero. The width doubles until the largest value fits. */
export class Histogram {
  readonly counts = new Float64Array(BINS)
  #limit = 2 ** -20
  #low = 0
  #high = 0

  /** The smallest and the largest value, and zero. */
  get range (): readonly [low: number, high: number] { return [this.#low, this.#high] }

  /** The middle of a bin. */
  valueOf (bin: number): number { return (bin - HALF + 0.5) * this.#limit / HALF }

  add (values: Float32Array): void {
    for (const value of values) {
      if (value < this.#low) this.#low = value
      else if (value > this.#high) this.#high = value
    }
    while (Math.max(-this.#low, this.#high) >= this.#limit) this.#widen()
    const scale = HALF / this.#limit
    for (const value of values) this.counts[Math.floor(value * scale) + HALF]!++
  }

  #widen (): void {
    const halved = new Float64Array(BINS)
    for (const [bin, count] of this.counts.entries()) halved[(bin + HALF) >> 1]! += count
    this.counts.set(halved)
    this.#limit *= 2
  }
}
