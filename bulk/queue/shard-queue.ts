/** Shards as jobs of BullMQ, each with the few numbers that find its images. Tested by .ci/checks/bulk-queue.js. */
import type { Job, Queue } from 'bullmq'
import { MissingPackageError } from '../errors.ts'
import { mergeJobId, shardJobId, type QueuedRun } from './queued-run.ts'
import type { Redis } from './redis.ts'
import type { Shard } from './shard.ts'
import type { Facts, SetApart } from './status.ts'
import { suspectsOf } from './suspects.ts'

export interface ShardJob extends Shard {
  /** Run the images again that failed for a reason that can change. */
  readonly again?: true
  /** Names of images to leave out. */
  readonly skip?: readonly string[]
}

export const SHARD = 'shard'
export const MERGE = 'merge'
export const PREFIX = 'bull'
/** Shards that are added at once. */
const BATCH = 1000
/** Tries of a shard that ends with an error of its output or of the machine; and of the merge. */
const TRIES = 3
const PAUSE = { type: 'fixed', delay: 5000 } as const
/** The delay lets the first shards join before the merge looks for them. */
const MERGE_OPTIONS = { attempts: TRIES, backoff: PAUSE, removeOnComplete: true, removeOnFail: true, delay: 1000 }
/** Shards set apart that Redis keeps; nanodet bulk plan adds again what it has dropped. */
const MAX_SET_APART = 10_000

/** @throws MissingPackageError */
export async function loadBullmq (): Promise<typeof import('bullmq')> {
  return await import('bullmq').catch(cause => { throw new MissingPackageError('bullmq', 'nanodet bulk', { cause }) })
}

export class ShardQueue {
  readonly name: string
  readonly #queue: Queue

  private constructor (queue: Queue) {
    this.name = queue.name
    this.#queue = queue
  }

  /** @throws MissingPackageError */
  static async open (name: string, redis: Redis): Promise<ShardQueue> {
    const { Queue } = await loadBullmq()
    const queue = new Queue(name, { connection: redis, prefix: PREFIX })
    queue.on('error', () => {}) // the connection's owner hears of it
    await queue.waitUntilReady()
    return new ShardQueue(queue)
  }

  /**
   * Adds shards, and the merge that follows them: a flow, whose parent BullMQ runs once no child is left. FlowProducer would add all in one
   * transaction. Here children come in batches, so that Redis serves others in between, and the merge waits until all are there
   * (`RunState.isPlanned`). Jobs that exist stay as they are.
   */
  async addRound (run: QueuedRun, round: number, shards: AsyncIterable<ShardJob>): Promise<number> {
    const parent = { id: mergeJobId(run.id, round), queue: `${PREFIX}:${this.name}` }
    await this.#queue.add(MERGE, {}, { ...MERGE_OPTIONS, jobId: parent.id })
    let count = 0
    let batch: ShardJob[] = []
    const add = async (): Promise<void> => {
      await this.#queue.addBulk(batch.map(data => ({ name: SHARD, data, opts: { ...shardOptions(run, data), parent } })))
      count += batch.length
      batch = []
    }
    for await (const shard of shards) if (batch.push(shard) === BATCH) await add()
    await add()
    return count
  }

  async jobs (): Promise<Facts['jobs']> {
    const { wait = 0, delayed = 0, active = 0, failed = 0 } = await this.#queue.getJobCounts('wait', 'delayed', 'active', 'failed')
    return { waiting: wait + delayed, active, failed }
  }

  /** Nothing waits or runs. */
  async isIdle (): Promise<boolean> {
    const counts = await this.#queue.getJobCounts('wait', 'delayed', 'active', 'waiting-children')
    return Object.values(counts).every(count => count === 0)
  }

  /** Shards that were set apart. */
  async setApart (limit = MAX_SET_APART): Promise<(SetApart & { readonly job: ShardJob })[]> {
    const jobs = await this.#queue.getJobs(['failed'], 0, limit - 1) as (Job<ShardJob> | undefined)[]
    return jobs.flatMap(job => job ? [{ job: job.data, ...aboutFailed(job) }] : [])
  }

  async remove (run: QueuedRun, shards: readonly number[]): Promise<void> {
    for (const shard of shards) await this.#queue.remove(shardJobId(run.id, shard))
  }

  /** Drops all jobs: of a run that is finished, or is to be forgotten. */
  async clear (): Promise<void> {
    await this.#queue.obliterate({ force: true })
    await this.#queue.resume()
  }

  async close (): Promise<void> { await this.#queue.close() }
}

const shardOptions = (run: QueuedRun, { number }: ShardJob) => ({
  jobId: shardJobId(run.id, number),
  attempts: TRIES,
  backoff: PAUSE,
  removeOnComplete: true,
  removeOnFail: { count: MAX_SET_APART },
  ignoreDependencyOnFailure: true
})

/** Why a shard was set apart, and which images may be the reason. */
export const aboutFailed = (job: Job<ShardJob>): SetApart =>
  ({ shard: job.data.number, reason: reasonOf(job.failedReason), suspects: suspectsOf(job.progress) })

const reasonOf = (reason: string | undefined): string =>
  reason?.includes('stalled') ? 'its machine died three times' : reason?.split('\n')[0] ?? 'unknown'
