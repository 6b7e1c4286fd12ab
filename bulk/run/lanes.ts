/** Works on many items, several at a time, and holds no more than these. */

export interface LaneOptions {
  /** Number of items in work. */
  readonly lanes: number
  /** Aborted: no other item is begun, and those in work end. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Does `work` on every item. Items are asked for when a lane is free, so there may be any number of them. `work` gets the number of its
 * lane, from 0, for what only one item at a time can use.
 * Resolves once all are done or, after `signal`, once those in work are.
 * @throws the first error of `work` or of the items, once those in work are done
 */
export async function runLanes<T> (
  items: AsyncIterable<T>, { lanes, signal }: LaneOptions, work: Work<T>
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

type Work<T> = (item: T, lane: number) => Promise<void>

class Lanes<T> {
  readonly #iterator: AsyncIterator<T>
  readonly #work: Work<T>
  readonly #busy = new Set<Promise<void>>()
  readonly #stopped: Promise<void>
  #resolveStopped = () => {}
  #isStopped = false
  #failure: { readonly error: unknown } | undefined

  constructor (items: AsyncIterable<T>, work: Work<T>) {
    this.#iterator = items[Symbol.asyncIterator]()
    this.#work = work
    this.#stopped = new Promise(resolve => { this.#resolveStopped = resolve })
  }

  /** A lane that waits for an item, for example of standard input, is not waited for once stopped. */
  async run (lanes: number): Promise<void> {
    await Promise.race([Promise.all(Array.from({ length: lanes }, (_, lane) => this.#lane(lane))), this.#stopped])
    await Promise.all(this.#busy)
    if (this.#isStopped) this.#iterator.return?.().catch(() => {})
    if (this.#failure) throw this.#failure.error
  }

  stop (): void {
    this.#isStopped = true
    this.#resolveStopped()
  }

  async #lane (lane: number): Promise<void> {
    while (!this.#isStopped) {
      const next = await this.#iterator.next().catch(error => this.#endItems(error))
      if (!next || next.done || this.#isStopped) return
      await this.#during(next.value, lane)
    }
  }

  async #during (item: T, lane: number): Promise<void> {
    const working = this.#work(item, lane).catch(error => this.#fail(error))
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
