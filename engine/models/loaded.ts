import type { Artifact } from '../../models/artifact.ts'
import type { WorkerPool } from '../processes/pool.ts'

/** The workers that look at images, and those that look into networks: neither waits for the other. */
export interface Pools { readonly detect: WorkerPool, readonly inspect: WorkerPool }

/** A model in the workers: it stays there for as long as somebody holds it. */
export class Loaded {
  readonly source: Artifact
  protected readonly id: string
  protected readonly pools: Pools
  #holders = 0
  #onFree: (() => void) | undefined

  /** @param id what the workers know it by: another one for each version */
  constructor (id: string, source: Artifact, pools: Pools) {
    this.id = id
    this.source = source
    this.pools = pools
  }

  /** Keeps it in the workers until the task is done. */
  async hold<T> (task: (model: this) => Promise<T>): Promise<T> {
    this.#holders++
    try {
      return await task(this)
    } finally {
      if (--this.#holders === 0) this.#onFree?.()
    }
  }

  /** Takes it out of the workers when nobody holds it any more. From here on, nobody may begin to. */
  async retire (): Promise<void> {
    if (this.#holders > 0) await new Promise<void>(resolve => { this.#onFree = resolve })
    await Promise.all([this.pools.detect.unload(this.id), this.pools.inspect.unload(this.id)])
  }
}
