/** The weight of the newest job in a running mean. */
const NEWEST = 0.1

/** Time that jobs take in a worker, by kind: running means over successful jobs, in milliseconds. */
export class Estimates {
  readonly #means = new Map<string, number>()
  #overall = 0

  /** The mean of a kind; of all kinds if none of this kind has run; 0 if nothing has. */
  of (kind?: string): number { return this.#means.get(kind ?? '') ?? this.#overall }

  /** The mean of a kind; undefined if none of this kind has run. */
  known (kind: string): number | undefined { return this.#means.get(kind) }

  /** Counts a successful job. Failed ones don't count: a truncated image takes no time. */
  took (kind: string, ms: number): void {
    this.#means.set(kind, moved(this.#means.get(kind) ?? ms, ms))
    this.#overall = moved(this.#overall || ms, ms)
  }
}

const moved = (mean: number, ms: number): number => mean + (ms - mean) * NEWEST
