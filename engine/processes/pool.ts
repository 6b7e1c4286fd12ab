import { setTimeout as sleep } from 'node:timers/promises'
import { lengthOf } from '../chunks.ts'
import { ClosedError, OverloadError, WorkerError } from '../errors.ts'
import type { Version } from '../models/version.ts'
import { Estimates } from '../scheduler/estimates.ts'
import { IdleWorkers } from '../scheduler/idle-workers.ts'
import { JobQueue, type Priority, type QueueLimits, type WaitingJob } from '../scheduler/queue.ts'
import { Turn } from '../scheduler/turn.ts'
import type { OutputOf, SentInputOf, TaskName } from '../tasks/catalog.ts'
import { Supervisor, type SupervisorOptions, type Wanted } from './supervisor.ts'
import type { WorkerProcess } from './worker-process.ts'

export interface PoolOptions extends SupervisorOptions {
  /** Start the workers with the first job. */
  readonly lazy?: boolean
  /** Limits of the queue; unlimited by default. */
  readonly queue?: QueueLimits | undefined
  /** Milliseconds after which a worker that does not answer is killed. */
  readonly jobTimeout?: number | undefined
  /** Bytes of resident memory above which a worker is replaced, unless its models alone take more. */
  readonly maxWorkerMemory?: number | undefined
}

/** A job. */
export interface PoolJob<N extends TaskName = TaskName> {
  readonly task: N
  readonly version: Version
  readonly input: SentInputOf<N>
}

export interface RunOptions {
  /** When the client stops waiting, by performance.now(). A job that can't be answered by then is refused at once. */
  readonly deadline?: number | undefined
  /** Aborted when the client has left: a waiting job is dropped. */
  readonly signal?: AbortSignal | undefined
  readonly priority?: Priority | undefined
  /** Milliseconds after which a worker that does not answer is killed: the pool's `jobTimeout` by default. */
  readonly timeout?: number | undefined
}

export interface Ran<N extends TaskName> {
  readonly output: OutputOf<N>
  /** Milliseconds in the queue. */
  readonly queueMs: number
  /** Number of jobs that the worker did together, this one included. */
  readonly batch: number
}

interface Run { readonly kind: string, readonly deadline: number, readonly timeout: number | undefined }

/** While jobs wait, the pool works on them this many times as long as a load took before the next worker loads. */
const PAUSE_AFTER_LOAD = 3
const UNLIMITED: QueueLimits = { maxJobs: Infinity, maxBytes: Infinity }

const kindOf = (task: TaskName, model: string): string => `${task} ${model}`

/**
 * Worker processes and their queue; each worker has one job. A worker that ends, hangs or grows too large is replaced, with all models
 * ready; only its current job fails.
 */
export class WorkerPool {
  readonly #options: PoolOptions
  readonly #supervisor: Supervisor
  readonly #queue: JobQueue<WorkerProcess>
  readonly #estimates = new Estimates()
  readonly #idle = new IdleWorkers<WorkerProcess>()
  readonly #replacing = new Map<WorkerProcess, Promise<void>>()
  /** Above the limit: being replaced, or not replaceable. */
  readonly #outgrown = new Set<WorkerProcess>()
  /** Expected milliseconds of the jobs in the workers. */
  #runningMs = 0

  constructor (options: PoolOptions) {
    this.#options = options
    this.#queue = new JobQueue<WorkerProcess>(options.queue ?? UNLIMITED, () => this.#retryAfter())
    this.#supervisor = new Supervisor(options, worker => this.#join(worker), worker => this.#drop(worker))
    if (!options.lazy) this.#startMissing()
  }

  get workers (): readonly WorkerProcess[] { return [...this.#supervisor.ready] }

  /** Busy workers. */
  get busy (): number { return this.#supervisor.ready.size - this.#idle.size }

  /** Jobs that wait for a worker. */
  get queued (): number { return this.#queue.length }

  /** Bytes of images that wait for a worker. */
  get queuedBytes (): number { return this.#queue.bytes }

  /**
   * Loads a model into every worker, one at a time, so that the others keep working; with a single worker, a new one that has
   * the model replaces it.
   * @throws WorkerError if it can't be built, with `ended` if workers ended while building it; ClosedError
   */
  async load (version: Version, task: TaskName): Promise<void> {
    const wanted: Wanted = { version, task, crashes: 0 }
    this.#supervisor.want(wanted)
    while (!wanted.error && !this.#supervisor.isClosed) {
      const lacking = this.workers.find(worker => !worker.has(version, task))
      if (lacking) await this.#loadInto(lacking, wanted)
      else if (this.#supervisor.pending.size > 0) await Promise.race(this.#supervisor.pending)
      else return
    }
    throw wanted.error ?? new ClosedError()
  }

  /** Frees a model in every worker. */
  async unload (version: Version): Promise<void> { await this.#supervisor.forget(version) }

  /**
   * Runs a job on the next free worker. A worker that lacks the model builds it first.
   * @throws OverloadError if it can't be done in time, AbortedError if its client left, ClosedError, WorkerError if the worker ends,
   * and what the task throws
   */
  async run<N extends TaskName> (job: PoolJob<N>, options: RunOptions = {}): Promise<Ran<N>> {
    const { deadline = Infinity, signal, priority = 'normal', timeout = this.#options.jobTimeout } = options
    const start = performance.now()
    const bytes = lengthOf(job.input.bytes)
    const kind = kindOf(job.task, job.version.info.name)
    const ms = this.#estimates.of(kind)
    this.#check(bytes, ms, deadline - start)
    if (this.#options.lazy) this.#startMissing()
    const idle = this.#idle.take()
    const turn = idle ? new Turn(idle) : await this.#queue.wait({ bytes, ms, deadline, signal, priority, together: this.#together(job) })
    const queueMs = performance.now() - start
    this.#runningMs += ms
    try {
      return { output: await this.#runOn(turn, job, { kind, deadline, timeout }), queueMs, batch: turn.size }
    } finally {
      this.#runningMs -= ms
      if (turn.leave()) this.#free(turn.worker)
    }
  }

  /** Checks before a job arrives whether it would be accepted. @param maxWait milliseconds @throws OverloadError if not */
  admit (bytes: number, maxWait: number): void { this.#check(bytes, this.#estimates.of(), maxWait) }

  /** Mean time of a task in a worker, in milliseconds; undefined before its first success. */
  meanOf (task: TaskName, model: string): number | undefined { return this.#estimates.known(kindOf(task, model)) }

  /** Drops waiting jobs, and ends the workers after their current jobs or after a second. */
  async close (): Promise<void> {
    this.#queue.close()
    await this.#supervisor.close()
  }

  #check (bytes: number, ms: number, maxWait: number): void {
    if (this.#supervisor.isClosed) throw new ClosedError()
    const isFirst = this.#options.lazy && this.#supervisor.ready.size === 0 && this.queued === 0
    if (this.#idle.size > 0 || isFirst) return
    const reason = this.#queue.refusal(bytes, this.#waitMs) ?? (this.#waitMs + ms > maxWait ? 'too_slow' : undefined)
    if (reason) throw new OverloadError(reason, this.#retryAfter())
  }

  /** Expected milliseconds until a worker is free for a new job. */
  get #waitMs (): number { return (this.#queue.ms + this.#runningMs) / this.#options.workers }

  #retryAfter (): number { return Math.max(1, Math.ceil(this.#waitMs / 1000)) }

  async #runOn<N extends TaskName> (turn: Turn<WorkerProcess>, job: PoolJob<N>, { kind, deadline, timeout }: Run): Promise<OutputOf<N>> {
    const { worker, size } = turn
    if (!worker.has(job.version, job.task)) await this.#build(worker, job)
    const start = performance.now()
    const output = await worker.run({ ...job, deadline: Date.now() + deadline - start, place: turn.enter() }, timeout)
    this.#estimates.took(kind, (performance.now() - start) / size) // its share of the worker's time
    return output
  }

  /** The jobs that a worker can do together with this one. */
  #together ({ task, version: { id, running } }: PoolJob): WaitingJob['together'] {
    const { maxBatch = 1 } = this.#options
    return running?.isBatched ? { kind: kindOf(task, id), max: maxBatch } : undefined
  }

  /** Workers of a lazy pool build missing models. Others have every model, except one that was given up meanwhile. */
  async #build (worker: WorkerProcess, { version, task }: Pick<PoolJob, 'version' | 'task'>): Promise<void> {
    if (!this.#options.lazy) throw new WorkerError(`the model ${version.info.name} is no longer loaded`, { ended: true })
    await worker.load(version, task)
  }

  #startMissing (): void {
    const missing = this.#options.workers - this.#supervisor.ready.size - this.#supervisor.pending.size
    for (let i = 0; i < missing; i++) this.#supervisor.start()
  }

  async #loadInto (worker: WorkerProcess, wanted: Wanted): Promise<void> {
    if (this.#options.workers === 1) return await this.#replace(worker)
    let took = 0
    await this.#borrow(worker, async () => {
      const start = performance.now()
      await this.#supervisor.load(worker, wanted)
      took = performance.now() - start
    })
    if (this.queued > 0) await sleep(PAUSE_AFTER_LOAD * took) // the other workers did its share
  }

  /** Starts a replacement with all models ready, then ends this worker. */
  #replace (worker: WorkerProcess): Promise<void> {
    const replacing = this.#replacing.get(worker) ?? this.#replaceNow(worker).finally(() => this.#replacing.delete(worker))
    this.#replacing.set(worker, replacing)
    return replacing
  }

  async #replaceNow (worker: WorkerProcess): Promise<void> {
    await this.#supervisor.start()
    await this.#borrow(worker, () => this.#supervisor.retire(worker))
    this.#drop(worker)
  }

  /** Uses a worker as soon as it is free, ahead of jobs; does nothing if the worker ends first. */
  async #borrow (worker: WorkerProcess, use: () => Promise<void>): Promise<void> {
    if (!this.#supervisor.ready.has(worker)) return
    const isReserved = await this.#idle.reserve(worker).then(() => true, () => false)
    if (isReserved) await use().finally(() => this.#free(worker))
  }

  #join (worker: WorkerProcess): void {
    if (this.#hasOutgrown(worker)) this.#outgrown.add(worker)
    this.#free(worker)
  }

  /** Gives a worker to its reservation, to the next job, or marks it idle. */
  #free (worker: WorkerProcess): void {
    if (!this.#supervisor.ready.has(worker) || worker.wasKilled) return // an answer may arrive just after the kill
    this.#replaceOutgrown(worker)
    const isGiven = this.#idle.giveToReserver(worker) || this.#queue.serve(worker)
    if (!isGiven) this.#idle.add(worker)
  }

  #replaceOutgrown (worker: WorkerProcess): void {
    if (!this.#hasOutgrown(worker) || this.#outgrown.has(worker)) return
    this.#outgrown.add(worker)
    this.#options.onEnd?.({ pid: worker.pid, reason: `it grew to ${Math.round(worker.rss / 2 ** 20)} MiB`, isPlanned: true })
    this.#replace(worker)
  }

  #hasOutgrown ({ rss }: WorkerProcess): boolean { return rss > (this.#options.maxWorkerMemory ?? Infinity) }

  #drop (worker: WorkerProcess): void {
    this.#idle.drop(worker)
    this.#outgrown.delete(worker)
  }
}
