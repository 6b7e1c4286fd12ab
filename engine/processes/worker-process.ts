import { fileURLToPath } from 'node:url'
import type { Version } from '../models/version.ts'
import type { Place } from '../scheduler/turn.ts'
import type { OutputOf, SentInputOf, TaskName } from '../tasks/catalog.ts'
import type { BuildOptions } from '../tasks/task.ts'
import { ProcessHandle, type Program } from './process-handle.ts'
import type { WorkerCalls } from './worker.ts'

const PATH = fileURLToPath(new URL('./worker.js', import.meta.url))
/** The main process has priority: the next job can't start before it has received and answered. */
const NICENESS = 2
/** Milliseconds to build a model and warm it up. */
const LOAD_TIMEOUT = 60_000

/** A worker's program. By default, its only argument is BuildOptions as JSON. */
export type WorkerProgram = Pick<Program, 'path' | 'args'>

/** A job for a worker. */
export interface WorkerJob<N extends TaskName = TaskName> {
  readonly task: N
  readonly version: Version
  readonly input: SentInputOf<N>
  /** When the client stops waiting, in terms of Date.now(). */
  readonly deadline: number
  /** In a batch of jobs that the worker does together; by default it does the job alone. */
  readonly place?: Place
}

/** One worker process and its loaded models. */
export class WorkerProcess {
  readonly #process: ProcessHandle<WorkerCalls>
  readonly #built = new Set<string>()
  #loading: Version | undefined
  /** Whether it has answered a job, which shows that it works. */
  #hasServed = false

  /** @param program runs instead of worker.ts, with the same calls */
  constructor (options: BuildOptions, onEnd: (worker: WorkerProcess, reason: string) => void, program: WorkerProgram = { path: PATH }) {
    const { threads, providers, maxBatch } = options
    const args = [JSON.stringify({ threads, providers, maxBatch })]
    this.#process = new ProcessHandle({ args, ...program, niceness: NICENESS }, reason => onEnd(this, reason))
  }

  get pid (): number | undefined { return this.#process.pid }

  get ready (): Promise<void> { return this.#process.ready }

  /** Resident memory in bytes, as of its latest answer. */
  get rss (): number { return this.#process.rss }

  get isGone (): boolean { return this.#process.isGone }

  get hasServed (): boolean { return this.#hasServed }

  /** It exceeded the time limit of a job. */
  get wasKilled (): boolean { return this.#process.wasKilled }

  /** The model that it is loading, or was loading when it ended. */
  get loading (): Version | undefined { return this.#loading }

  has (version: Version, task: TaskName): boolean { return this.#built.has(`${version.id} ${task}`) }

  /** Builds a model for a task. @throws WorkerError if it can't be built, or the process ends */
  async load (version: Version, task: TaskName): Promise<void> {
    this.#loading = version
    const running = await this.#process.call('load', { model: version.id, task }, { body: version.part(task), timeout: LOAD_TIMEOUT })
      .finally(() => { if (!this.isGone) this.#loading = undefined })
    if (running) version.running = running
    this.#built.add(`${version.id} ${task}`)
  }

  /** Frees a model. Does nothing if the process has ended. */
  async unload (version: Version): Promise<void> {
    for (const key of this.#built) if (key.startsWith(`${version.id} `)) this.#built.delete(key)
    await this.#process.call('unload', { model: version.id }).catch(() => {})
  }

  /** @throws what the task throws; WorkerError if the process ends; it is killed after `timeout` ms */
  async run<N extends TaskName> ({ task, version, input, deadline, place }: WorkerJob<N>, timeout?: number): Promise<OutputOf<N>> {
    const { bytes, ...rest } = input
    const output = await this.#process.call('run', { model: version.id, task, deadline, place, input: rest }, { body: [bytes], timeout })
    this.#hasServed = true
    return output as unknown as OutputOf<N>
  }

  async close (): Promise<void> { await this.#process.close() }

  /** Ends it at once. */
  kill (reason: string): void { this.#process.kill(reason) }
}
