import { fileURLToPath } from 'node:url'
import { joined } from '../../engine/chunks.ts'
import { WorkerError } from '../../engine/errors.ts'
import { ProcessHandle, type Program } from '../../engine/processes/process-handle.ts'
import { TrainingError } from '../errors.ts'
import type { Found } from '../settings.ts'
import type { TrainingSpec } from '../spec.ts'
import { bytesOf, floatsOf } from './float-bytes.ts'
import type { MicroBatch, StepOutcome } from './trainer.ts'
import type { Plan, TrainerCalls } from './trainer-worker.ts'

const PATH = fileURLToPath(new URL('./trainer-worker.js', import.meta.url))
/** Worker processes that may die on the same photos before the run ends. */
const MAX_DEATHS = 3

type Worker = ProcessHandle<TrainerCalls>

export interface TeamOptions {
  readonly workers: number
  /** Limit, in bytes, of the decoded photos that each worker keeps. */
  readonly cacheBytes: number
  /** Runs instead of trainer-worker.ts, with the same calls. */
  readonly program?: Pick<Program, 'path' | 'args'>
}

/** The worker processes of a training run. A worker that dies is replaced, and what it was doing is done again. */
export class Team {
  readonly #spec: TrainingSpec
  readonly #options: TeamOptions
  /** Prepared workers by place. */
  readonly #workers: Worker[] = []
  #plan: Plan | undefined

  private constructor (spec: TrainingSpec, options: TeamOptions) {
    this.#spec = spec
    this.#options = options
  }

  /** @throws TrainingError if the run can't be prepared */
  static async start (spec: TrainingSpec, options: TeamOptions): Promise<Team> {
    const team = new Team(spec, options)
    try {
      const places = Array.from({ length: options.workers }, (_, place) => place)
      await Promise.all(places.map(place => attempt(() => team.#prepare(place))))
      return team
    } catch (error) {
      await team.close()
      throw error
    }
  }

  /** The run's step graph, without the graph. */
  get plan (): Plan { return this.#plan! }

  /** Process ids. */
  get pids (): number[] { return this.#workers.map(({ pid }) => pid!) }

  /** Resident bytes of the processes, as of their latest answers. */
  get rss (): number[] { return this.#workers.map(({ rss }) => rss) }

  /**
   * The outcome of each micro-batch, in order.
   * @param values of all that training changes, in the run's layout; not to be changed before the end
   */
  async step (values: Float32Array, microBatches: readonly MicroBatch[]): Promise<StepOutcome[]> {
    return await this.#share(values, microBatches, async (worker, microBatch) => {
      const { losses, body } = await worker.call('step', microBatch)
      return { losses, values: floatsOf(joined(body)) }
    })
  }

  /** What is found on each photo of the validation set, in order. */
  async predict (values: Float32Array): Promise<Found[]> {
    const { validation: { length }, microBatch } = this.#spec
    const indices = Array.from({ length }, (_, i) => i)
    const groups = Array.from({ length: Math.ceil(length / microBatch) }, (_, i) => indices.slice(i * microBatch, (i + 1) * microBatch))
    return (await this.#share(values, groups, async (worker, group) => (await worker.call('predict', group)).found)).flat()
  }

  async close (): Promise<void> { await Promise.all(this.#workers.map(worker => worker.close())) }

  /** Divides items among the workers as they become free. @returns results in the items' order */
  async #share<Item, Result> (
    values: Float32Array, items: readonly Item[], run: (worker: Worker, item: Item) => Promise<Result>
  ): Promise<Result[]> {
    const results: Result[] = []
    const queue = items.entries()
    await Promise.all(this.#workers.slice(0, items.length).map(async (_, place) => {
      let loaded: Worker | undefined
      for (const [i, item] of queue) {
        results[i] = await attempt(async () => {
          const worker = await this.#living(place)
          if (worker !== loaded) worker.call('load', null, { body: [bytesOf(values)] }).catch(() => {}) // the next call fails, too
          loaded = worker
          return await run(worker, item)
        })
      }
    }))
    return results
  }

  /** The worker at a place, or its replacement. */
  async #living (place: number): Promise<Worker> {
    const worker = this.#workers[place]!
    return worker.isGone ? await this.#prepare(place) : worker
  }

  async #prepare (place: number): Promise<Worker> {
    const worker: Worker = new ProcessHandle({ path: PATH, ...this.#options.program, niceness: 0 }, () => {})
    this.#workers[place] = worker
    await worker.ready
    this.#plan = await worker.call('prepare', { spec: this.#spec, cacheBytes: this.#options.cacheBytes })
    return worker
  }
}

/** Repeats work while processes die of it, a few times. @throws TrainingError */
async function attempt<T> (work: () => Promise<T>): Promise<T> {
  for (let deaths = 1; ; deaths++) {
    try {
      return await work()
    } catch (cause) {
      if (!(cause instanceof WorkerError && cause.ended)) throw new TrainingError('WORKER_FAILED', (cause as Error).message, { cause })
      if (deaths >= MAX_DEATHS) throw new TrainingError('WORKERS_DIED', `${deaths} worker processes died; ${cause.message}`, { cause })
    }
  }
}
