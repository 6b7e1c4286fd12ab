import type { LoadedInfo } from './models/model-info.ts'
import type { Version } from './models/version.ts'
import type { RunOptions, WorkerPool } from './processes/pool.ts'
import type { Timed } from './results.ts'
import type { OutputOf, SentInputOf, TaskName } from './tasks/catalog.ts'

/** A model held for one task. The workers keep this version until it is released. */
export class Lease<N extends TaskName> {
  readonly #version: Version
  readonly #task: N
  readonly #pool: WorkerPool
  #isReleased = false

  constructor (version: Version, task: N, pool: WorkerPool) {
    this.#version = version
    this.#task = task
    this.#pool = pool
  }

  get model (): LoadedInfo { return this.#version.info }

  /**
   * @throws OverloadError if it can't be done in time, AbortedError if the client left before its turn, ClosedError, WorkerError if
   * the worker fails, and what the task throws (ImageError, FeaturesError)
   */
  async run (input: SentInputOf<N>, options?: RunOptions): Promise<Timed<OutputOf<N>>> {
    const start = performance.now()
    const job = { task: this.#task, version: this.#version, input }
    const { output, queueMs, batch } = await this.#pool.run(job, options)
    return { ...output, times: { queue: queueMs, ...output.times, total: performance.now() - start }, ...(batch > 1 && { batch }) }
  }

  release (): void {
    if (!this.#isReleased) this.#version.release()
    this.#isReleased = true
  }
}
