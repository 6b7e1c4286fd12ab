import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoff } from '../backoff.ts'
import { WorkerError } from '../errors.ts'
import type { Version } from '../models/version.ts'
import type { TaskName } from '../tasks/catalog.ts'
import type { BuildOptions } from '../tasks/task.ts'
import { WorkerProcess, type WorkerProgram } from './worker-process.ts'

/** A worker that ended unexpectedly, or is replaced. */
export interface WorkerEnd {
  readonly pid: number | undefined
  readonly reason: string
  /** It has grown too large, and ends after its current job. */
  readonly isPlanned?: boolean
}

export interface SupervisorOptions extends BuildOptions {
  /** Workers to keep ready. */
  readonly workers: number
  /** Runs instead of worker.ts, for load tests without networks. */
  readonly program?: WorkerProgram | undefined
  readonly onEnd?: ((end: WorkerEnd) => void) | undefined
  /** Called when a model is given up because it can't be built or ends workers. */
  readonly onLost?: ((version: Version, error: Error) => void) | undefined
}

/** A model that every worker must have ready. */
export interface Wanted {
  readonly version: Version
  readonly task: TaskName
  /** Workers that ended while they loaded it. */
  crashes: number
  /** Why it was given up. */
  error?: Error
}

const RESTART_DELAYS = { first: 250, longest: 30_000 }
/** Number of consecutive workers that may end while loading a model before it is given up. */
const MAX_CRASHES = 3
/** Milliseconds to wait for busy workers, which free a model when they are done. */
const UNLOAD_PATIENCE = 2000

/**
 * Starts workers with every wanted model ready, and restarts them when they end: immediately if one has worked, otherwise after a growing
 * delay.
 */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #onReady: (worker: WorkerProcess) => void
  readonly #onGone: (worker: WorkerProcess) => void
  readonly #wanted = new Set<Wanted>()
  readonly #starting = new Set<WorkerProcess>()
  readonly #ready = new Set<WorkerProcess>()
  readonly #pending = new Set<Promise<void>>()
  readonly #closing = new AbortController()
  #failures = 0

  /**
   * @param onReady called with every worker that can take jobs
   * @param onGone called when one of those has ended
   */
  constructor (options: SupervisorOptions, onReady: (worker: WorkerProcess) => void, onGone: (worker: WorkerProcess) => void) {
    this.#options = options
    this.#onReady = onReady
    this.#onGone = onGone
    setMaxListeners(0, this.#closing.signal) // one for each worker that starts
  }

  /** Workers that can take jobs. */
  get ready (): ReadonlySet<WorkerProcess> { return this.#ready }

  /** Workers that are starting. */
  get starting (): ReadonlySet<WorkerProcess> { return this.#starting }

  /** Resolves, for each starting worker, when it can take jobs. */
  get pending (): ReadonlySet<Promise<void>> { return this.#pending }

  get isClosed (): boolean { return this.#closing.signal.aborted }

  /** Starts a worker. Resolves when it can take jobs, or when the supervisor closes. */
  start (): Promise<void> {
    const started = this.#startOne().finally(() => this.#pending.delete(started))
    this.#pending.add(started)
    return started
  }

  /** Every worker started from now on loads it. */
  want (wanted: Wanted): void { this.#wanted.add(wanted) }

  /** The opposite of `want`; workers free it. @param error why the model was given up */
  async forget (version: Version, error?: Error): Promise<void> {
    for (const wanted of this.#of(version)) {
      this.#wanted.delete(wanted)
      if (error) wanted.error = error
    }
    if (error) this.#options.onLost?.(version, error)
    const unloaded = Promise.all([...this.#ready, ...this.#starting].map(worker => worker.unload(version)))
    await Promise.race([unloaded, sleep(UNLOAD_PATIENCE, undefined, { ref: false })])
  }

  /** Loads a model into a worker. If it can't be built, or ends several workers in a row, it is given up. */
  async load (worker: WorkerProcess, wanted: Wanted): Promise<void> {
    const { version, task } = wanted
    try {
      await worker.load(version, task)
      wanted.crashes = 0
    } catch (error) {
      if (error instanceof WorkerError && error.ended) return // already counted by #ended
      await this.forget(version, error as Error)
    }
  }

  /** Ends an idle worker without replacing it. */
  async retire (worker: WorkerProcess): Promise<void> {
    this.#ready.delete(worker)
    await worker.close()
  }

  /** Ends all workers. */
  async close (): Promise<void> {
    this.#closing.abort()
    await Promise.all([...this.#ready, ...this.#starting].map(worker => worker.close()))
    await Promise.all(this.#pending)
  }

  async #startOne (): Promise<void> {
    while (!this.isClosed) {
      await sleep(backoff(this.#failures, RESTART_DELAYS), undefined, { signal: this.#closing.signal }).catch(() => {})
      if (this.isClosed) return
      const worker = new WorkerProcess(this.#options, (ended, reason) => this.#ended(ended, reason), this.#options.program)
      this.#starting.add(worker)
      if (await this.#prepare(worker)) return this.#join(worker)
    }
  }

  /** @returns whether the worker is alive and has all models ready */
  async #prepare (worker: WorkerProcess): Promise<boolean> {
    try {
      await worker.ready
    } catch {
      return false
    }
    for (;;) {
      const lacking = [...this.#wanted].find(({ version, task }) => !worker.has(version, task))
      if (!lacking || worker.isGone) return !worker.isGone
      await this.load(worker, lacking)
    }
  }

  #join (worker: WorkerProcess): void {
    this.#starting.delete(worker)
    this.#ready.add(worker)
    this.#onReady(worker)
  }

  #ended (worker: WorkerProcess, reason: string): void {
    const wasReady = this.#ready.delete(worker)
    const wasStarting = this.#starting.delete(worker)
    if (this.isClosed || !(wasReady || wasStarting)) return
    this.#failures = worker.hasServed || worker.wasKilled ? 0 : this.#failures + 1
    this.#options.onEnd?.({ pid: worker.pid, reason })
    if (worker.loading) this.#blame(worker.loading, reason)
    if (!wasReady) return // #startOne goes on
    if (this.#ready.size + this.#pending.size < this.#options.workers) this.start() // otherwise its successor is already starting
    this.#onGone(worker)
  }

  #blame (version: Version, reason: string): void {
    const wanted = this.#of(version)
    for (const one of wanted) one.crashes++
    if (wanted.every(({ crashes }) => crashes < MAX_CRASHES)) return
    this.forget(version, new WorkerError(`workers ended while loading it: ${reason}`, { ended: true }))
  }

  #of (version: Version): Wanted[] { return [...this.#wanted].filter(wanted => wanted.version === version) }
}
