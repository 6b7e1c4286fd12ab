import { JobQueue, type QueueLimits } from '../scheduler/queue.ts'
import type { Model } from '../../models/model.ts'
import type { Artifact } from '../../models/artifact.ts'
import type { ImageJob, Job, LoadJob, Results } from './protocol.ts'
import { WorkerError } from '../errors.ts'
import { WorkerHandle } from './worker-process.ts'

export interface PoolOptions {
  /** Jobs that run at a time, each in a thread of its own. */
  readonly workers: number
  /** Threads that share the work of one run. */
  readonly threads: number
  /** Start a worker when a job first needs it, not at once. */
  readonly lazy?: boolean
  /** What may wait; without limits, everything may. */
  readonly queue?: QueueLimits
  /** Milliseconds after which a worker that does not answer is taken for hung. */
  readonly jobTimeout?: number
  /** Told of every worker that ended and was not asked to. */
  readonly onCrash?: (message: string) => void
}

export interface RunOptions {
  /** Aborted when nobody waits for the answer any more: a job that still waits is dropped. */
  readonly signal?: AbortSignal | undefined
}

export type Ran<J extends ImageJob> = Results[J['type']] & { readonly queueMs: number }

const RESPAWN_DELAY = 1000
const CLOSE_TIMEOUT = 2000
const UNLIMITED: QueueLimits = { maxJobs: Infinity, maxBytes: Infinity, maxWait: Infinity }

/**
 * Worker threads and the queue before them: first come, first served, one job a worker.
 * A worker that ends or hangs is replaced, with all models loaded again; only the job it was at fails.
 */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #workers = new Set<WorkerHandle>()
  readonly #idle: WorkerHandle[] = []
  readonly #queue: JobQueue
  readonly #loads = new Map<string, LoadJob>()
  #closed = false

  constructor (options: PoolOptions) {
    this.#options = options
    this.#queue = new JobQueue(options.queue ?? UNLIMITED, options.workers)
    if (!options.lazy) for (let i = 0; i < options.workers; i++) this.#idle.push(this.#spawn())
  }

  get workers (): readonly WorkerHandle[] { return [...this.#workers] }

  /** Workers that are at a job. */
  get busy (): number { return this.#workers.size - this.#idle.length }

  /** Jobs that wait for a worker. */
  get queued (): number { return this.#queue.length }

  /** Bytes of images that wait for a worker. */
  get queuedBytes (): number { return this.#queue.bytes }

  /** Has a worker read a model's files. @throws WorkerError saying why they can't be */
  async read (source: Artifact): Promise<Model> {
    const worker = this.#idle.at(-1) ?? this.workers[0]
    if (!worker) throw new WorkerError('no worker runs')
    return await worker.send({ type: 'read', source })
  }

  /** Loads a model in every worker, those to come included. Where one can't, it is loaded in none. @throws WorkerError */
  async load (job: LoadJob): Promise<void> {
    this.#loads.set(job.id, job)
    try {
      await Promise.all([...this.#workers].map(worker => worker.send(job)))
    } catch (error) {
      await this.unload(job.id)
      throw error
    }
  }

  /** Frees what a model takes in every worker. */
  async unload (id: string): Promise<void> {
    this.#loads.delete(id)
    await Promise.allSettled([...this.#workers].map(worker => worker.send({ type: 'unload', id }))) // one that ended holds nothing
  }

  /**
   * Runs a job on the next free worker.
   * @throws OverloadError when it can't be started in time, AbortedError when it was dropped, and what WorkerHandle.send does
   */
  async run<J extends ImageJob> (job: J, { signal }: RunOptions = {}): Promise<Ran<J>> {
    const start = performance.now()
    const worker = this.#idle.pop() ?? this.#spawnIfAllowed() ?? await this.#queue.wait(job.bytes.length, signal)
    const queueMs = performance.now() - start
    try {
      return { ...await this.#send(worker, job), queueMs }
    } finally {
      this.#queue.took(performance.now() - start - queueMs)
      if (this.#workers.has(worker)) this.#free(worker)
    }
  }

  /** Tells before a job is there whether it would be taken. @throws OverloadError where it would not */
  admit (bytes: number): void {
    if (this.#idle.length === 0 && this.#workers.size >= this.#options.workers) this.#queue.admit(bytes)
  }

  /** Ends the workers, once they are done with what they are at: ending one inside a native call can take the process with it. */
  async close (): Promise<void> {
    this.#closed = true
    const deadline = performance.now() + CLOSE_TIMEOUT
    while (this.busy > 0 && performance.now() < deadline) await new Promise(resolve => setTimeout(resolve, 5))
    await Promise.all([...this.#workers].map(worker => worker.terminate()))
  }

  async #send<J extends Job> (worker: WorkerHandle, job: J): Promise<Results[J['type']]> {
    const { jobTimeout } = this.#options
    if (jobTimeout === undefined) return worker.send(job)
    const timer = setTimeout(() => worker.terminate(`no answer within ${jobTimeout} ms`), jobTimeout)
    return worker.send(job).finally(() => clearTimeout(timer))
  }

  #free (worker: WorkerHandle): void {
    const next = this.#queue.next()
    if (next) next.start(worker)
    else this.#idle.push(worker)
  }

  #spawnIfAllowed (): WorkerHandle | undefined {
    return this.#workers.size < this.#options.workers && !this.#closed ? this.#spawn() : undefined
  }

  /** A new worker, with all models loaded before anything else that it is sent. One that can't load them is of no use. */
  #spawn (): WorkerHandle {
    const worker = new WorkerHandle(this.#options.threads, (ended, reason) => this.#replace(ended, reason))
    this.#workers.add(worker)
    for (const job of this.#loads.values()) worker.send(job).catch((error: Error) => worker.terminate(error.message))
    return worker
  }

  #replace (ended: WorkerHandle, reason: string): void {
    this.#workers.delete(ended)
    const place = this.#idle.indexOf(ended)
    if (place >= 0) this.#idle.splice(place, 1)
    if (this.#closed) return
    this.#options.onCrash?.(reason)
    if (ended.hasServed) this.#free(this.#spawn())
    else setTimeout(() => this.#workers.size < this.#options.workers && !this.#closed && this.#free(this.#spawn()), RESPAWN_DELAY).unref()
  }
}
