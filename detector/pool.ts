import type { Job, LoadJob, Results } from './protocol.ts'
import { WorkerHandle } from './worker-handle.ts'

export interface PoolOptions {
  /** Jobs that run at a time, each in a thread of its own. */
  readonly workers: number
  /** Threads that share the work of one run. */
  readonly threads: number
  /** Start a worker when a job first needs it, not at once. */
  readonly lazy?: boolean
}

/**
 * Worker threads and the queue before them: first come, first served, one job a worker.
 * A worker that ends is replaced at once, with all models loaded again; only the job it was at fails.
 */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #workers = new Set<WorkerHandle>()
  readonly #idle: WorkerHandle[] = []
  readonly #queue: Array<(worker: WorkerHandle) => void> = []
  readonly #loads = new Map<string, LoadJob>()
  #closed = false

  constructor (options: PoolOptions) {
    this.#options = options
    if (!options.lazy) for (let i = 0; i < options.workers; i++) this.#idle.push(this.#spawn())
  }

  get workers (): readonly WorkerHandle[] { return [...this.#workers] }

  /** Jobs that wait for a worker. */
  get queued (): number { return this.#queue.length }

  /** Loads a model in every worker, those to come included. */
  async load (job: LoadJob): Promise<void> {
    this.#loads.set(job.config.name, job)
    await Promise.all([...this.#workers].map(worker => worker.send(job)))
  }

  /** Runs a job on the next free worker. @throws what WorkerHandle.send does */
  async run<J extends Job> (job: J): Promise<Results[J['type']]> {
    const worker = this.#idle.pop() ?? this.#spawnIfAllowed() ?? await new Promise<WorkerHandle>(resolve => this.#queue.push(resolve))
    try {
      return await worker.send(job)
    } finally {
      if (this.#workers.has(worker)) this.#free(worker)
    }
  }

  async close (): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#workers].map(worker => worker.terminate()))
  }

  #free (worker: WorkerHandle): void {
    const next = this.#queue.shift()
    if (next) next(worker)
    else this.#idle.push(worker)
  }

  #spawnIfAllowed (): WorkerHandle | undefined {
    return this.#workers.size < this.#options.workers ? this.#spawn() : undefined
  }

  /** A new worker, with all models loaded before anything else that it is sent. */
  #spawn (): WorkerHandle {
    const worker = new WorkerHandle(this.#options.threads, ended => this.#replace(ended))
    this.#workers.add(worker)
    for (const job of this.#loads.values()) worker.send(job).catch(() => {}) // its jobs will fail, and say why
    return worker
  }

  #replace (ended: WorkerHandle): void {
    this.#workers.delete(ended)
    const place = this.#idle.indexOf(ended)
    if (place >= 0) this.#idle.splice(place, 1)
    if (this.#closed) return
    this.#free(this.#spawn())
  }
}
