/** Works on many items, several at a time, and holds no more than these. */

export interface LaneOptions {
  /** Number of items in work. */
  readonly lanes: number
  /** Aborted: no other item is begun, and those in work end. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Does `work` on every item. Items are asked for when a lane is free, so there may be any number of them.
 * Resolves once all are done or, after `signal`, once those in work are.
 * @throws the first error of `work` or of the items, once those in work are done
 */
export async function runLanes<T> (
  items: AsyncIterable<T>, { lanes, signal }: LaneOptions, work: (item: T) => Promise<void>
): Promise<void> {
  const run = new Lanes(items, work)
  const stop = (): void => run.stop()
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) run.stop()
  try {
    await run.run(lanes)
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

class Lanes<T> {
  readonly #iterator: AsyncIterator<T>
  readonly #work: (item: T) => Promise<void>
  readonly #busy = new Set<Promise<void>>()
  readonly #stopped: Promise<void>
  #resolveStopped = () => {}
  #isStopped = false
  #failure: { readonly error: unknown } | undefined

  constructor (items: AsyncIterable<T>, work: (item: T) => Promise<void>) {
    this.#iterator = items[Symbol.asyncIterator]()
    this.#work = work
    this.#stopped = new Promise(resolve => { this.#resolveStopped = resolve })
  }

  /** A lane that waits for an item, for example of standard input, is not waited for once stopped. */
  async run (lanes: number): Promise<void> {
    await Promise.race([Promise.all(Array.from({ length: lanes }, () => this.#lane())), this.#stopped])
    await Promise.all(this.#busy)
    if (this.#isStopped) this.#iterator.return?.().catch(() => {})
    if (this.#failure) throw this.#failure.error
  }

  stop (): void {
    this.#isStopped = true
    this.#resolveStopped()
  }

  async #lane (): Promise<void> {
    while (!this.#isStopped) {
      const next = await this.#iterator.next().catch(error => this.#endItems(error))
      if (!next || next.done || this.#isStopped) return
      await this.#during(next.value)
    }
  }

  async #during (item: T): Promise<void> {
    const working = this.#work(item).catch(error => this.#fail(error))
    this.#busy.add(working)
    await working
    this.#busy.delete(working)
  }

  /** Once stopped, items may end with an error. */
  #endItems (error: unknown): void { if (!this.#isStopped) this.#fail(error) }

  #fail (error: unknown): void {
    this.#failure ??= { error }
    this.stop()
  }
}
