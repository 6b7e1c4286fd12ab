/** A machine: takes shards from the queue, one at a time, and merges them at the end. Tested by .ci/checks/bulk-queue.js. */
import type { Job, Worker } from 'bullmq'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Board } from './board.ts'
import { MachineReport } from './machine-report.ts'
import type { Merged } from './merge.ts'
import { mergeJobId, type QueuedRun, type RunState } from './queued-run.ts'
import { problemOf } from './redis-url.ts'
import type { Redis } from './redis.ts'
import { aboutFailed, loadBullmq, MERGE, PREFIX, type ShardJob, type ShardQueue } from './shard-queue.ts'
import type { SetApart } from './status.ts'
import { startOf } from './suspects.ts'
import type { Tally } from './tally.ts'

export interface ShardOptions {
  readonly watch: MachineReport
  readonly signal: AbortSignal
  readonly isWanted: () => Promise<boolean>
}

/** Runs the shards of one run. */
export interface Machinery {
  /** @returns undefined if `signal` came first, or nobody wants the results @throws what ends the machine: its output, its model */
  shard (job: ShardJob, options: ShardOptions): Promise<Tally | undefined>
  merge (): Promise<Merged>
  close (): Promise<void>
}

export interface WorkerEvents {
  onShard (shard: ShardJob, tally: Tally, seconds: number): void
  onHandedBack (shard: number): void
  /** Its run was replaced while it was in work. */
  onDropped (shard: number): void
  /** Its machine died; the shard is back in the queue. */
  onStalled (shard: number): void
  onFailed (shard: number, problem: string): void
  onSetApart (shard: SetApart): void
  onMerged (run: RunState, merged: Merged): Promise<void>
  /** BullMQ's: a lock that is lost, a command that failed. It goes on by itself. */
  onTrouble (problem: string): void
  onProblem (problem: string): void
}

export interface WorkerContext {
  readonly redis: Redis
  readonly queue: ShardQueue
  readonly board: Board
  /** Workers of this machine, for reports. */
  readonly workers: number
  /** Makes this machine ready for a run. @throws an error that ends the machine; its shards stay in the queue */
  readonly prepare: (run: QueuedRun) => Promise<Machinery>
  readonly events: WorkerEvents
  /**
   * Milliseconds for which a shard belongs to this machine. The lock is renewed each quarter of them, so a process that stands still for
   * half of them keeps it. Twice in this time the machines look for shards without a lock: one is taken over within 1.5 times of it.
   */
  readonly lockDuration: number
  /** End once nothing waits or runs. */
  readonly drain: boolean
  readonly signal: AbortSignal
}

const MERGE_AGAIN = 'once that is mended, run the same nanodet bulk plan again'
/** A shard that stalls a third time is set apart. */
const MAX_STALLED = 2
const REPORT_EVERY = 2000
/** A machine that dies earlier in a shard leaves no suspects. */
const PROGRESS_EVERY = 250
/** Milliseconds for handing back a shard; its lock expires in any case. */
const GRACE = 20_000

export class ShardWorker {
  readonly report: MachineReport
  readonly #context: WorkerContext
  readonly #stop = new AbortController()
  #worker: Worker<ShardJob> | undefined
  #machinery: { readonly run: string, readonly machinery: Machinery } | undefined
  #trouble: string | undefined
  #failure: { readonly error: unknown } | undefined

  constructor (context: WorkerContext) {
    this.#context = context
    this.report = new MachineReport(context.workers)
  }

  /** Works until `signal`, or until the queue is empty with `drain`. @throws the error that ended the machine; MissingPackageError */
  async run (): Promise<void> {
    const { signal } = this.#context
    const stop = (): void => this.#stop.abort()
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    this.#worker = await this.#start()
    const beats = setInterval(() => { this.#beat().catch(() => {}) }, REPORT_EVERY)
    await this.#untilStopped()
    clearInterval(beats)
    signal.removeEventListener('abort', stop)
    await this.#close()
    if (this.#failure) throw this.#failure.error
  }

  async #start (): Promise<Worker<ShardJob>> {
    const { redis, queue: { name }, events, lockDuration } = this.#context
    const { Worker } = await loadBullmq()
    const worker = new Worker<ShardJob>(name, (job, token) => this.#process(job, token!), {
      connection: redis,
      prefix: PREFIX,
      concurrency: 1,
      lockDuration,
      lockRenewTime: lockDuration / 4,
      stalledInterval: lockDuration / 2,
      maxStalledCount: MAX_STALLED,
      runRetryDelay: 2000
    })
    worker.on('error', error => { if (redis.status === 'ready') this.#say(problemOf(error)) })
    worker.on('stalled', id => { if (/-\d+$/.test(id)) events.onStalled(shardOf(id)) })
    worker.on('failed', (job, error) => { if (job) this.#failed(job, error) })
    return worker
  }

  /** A lock that is lost is a problem each time that it is to be renewed. */
  #say (problem: string): void {
    if (problem !== this.#trouble) this.#context.events.onTrouble(problem)
    this.#trouble = problem
  }

  async #process (job: Job<ShardJob>, token: string): Promise<void> {
    const state = await this.#context.board.read()
    if (!state || !job.id!.startsWith(`${state.run.id}-`)) return // of a run that was replaced
    const machinery = await this.#prepared(state.run).catch(async error => {
      this.#end(error)
      await this.#handBack(job, token)
    })
    if (!machinery) return
    if (job.name === MERGE) await this.#merge(job, token, state, machinery)
    else await this.#shard(job, token, state, machinery)
  }

  async #prepared (run: QueuedRun): Promise<Machinery> {
    const key = JSON.stringify(run) // a plan that is repeated may have other formats
    if (this.#machinery?.run === key) return this.#machinery.machinery
    await this.#machinery?.machinery.close()
    this.#machinery = undefined
    const machinery = await this.#context.prepare(run)
    this.#machinery = { run: key, machinery }
    return machinery
  }

  async #shard (job: Job<ShardJob>, token: string, state: RunState, machinery: Machinery): Promise<void> {
    const { board, events } = this.#context
    const start = performance.now()
    let isDone = false
    this.report.beginShard(job.data.number, startOf(job.progress))
    const reports = setInterval(() => { job.updateProgress({ ...this.report.progress() }).catch(() => {}) }, PROGRESS_EVERY)
    try {
      const isWanted = async (): Promise<boolean> => await board.isCurrent(state)
      const tally = await machinery.shard(job.data, { watch: this.report, signal: this.#stop.signal, isWanted })
      clearInterval(reports)
      if (!tally && await isWanted()) return await this.#handBack(job, token)
      if (!tally) return events.onDropped(job.data.number)
      await board.count(state, job.data.number, tally)
      isDone = true
      events.onShard(job.data, tally, (performance.now() - start) / 1000)
    } catch (error) {
      clearInterval(reports)
      if (isBullmqs(error)) throw error
      this.#end(error)
      await this.#clear(job)
      throw error
    } finally {
      this.report.endShard(isDone)
    }
  }

  /** The images in work have ended: they are not suspects. */
  async #clear (job: Job<ShardJob>): Promise<void> {
    await job.updateProgress({ ...this.report.progress(), inWork: [] }).catch(() => {}) // Redis may have lost it
  }

  /** The shard is the next one that a machine takes. */
  async #handBack (job: Job<ShardJob>, token: string): Promise<never> {
    const { WaitingError } = await loadBullmq()
    this.#stop.abort()
    if (this.report.shard === job.data.number) await this.#clear(job)
    await job.moveToWait(token).catch(() => {}) // another machine has it, or Redis has lost it
    if (job.name !== MERGE) this.#context.events.onHandedBack(job.data.number)
    throw new WaitingError()
  }

  async #merge (job: Job, token: string, state: RunState, machinery: Machinery): Promise<void> {
    const { run, round, isPlanned } = state
    const { board, events } = this.#context
    const { DelayedError, WaitingChildrenError } = await loadBullmq()
    if (job.id !== mergeJobId(run.id, round)) return
    if (!isPlanned) {
      await job.moveToDelayed(Date.now() + 2000, token)
      throw new DelayedError()
    }
    if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError()
    const merged = await machinery.merge().catch(error => {
      this.#end(error)
      throw error
    })
    if (await board.setMerged(state)) await events.onMerged((await board.read())!, merged)
  }

  #failed (job: Job<ShardJob>, error: Error): void {
    const { events } = this.#context
    if (job.name === MERGE) events.onProblem(`The merge failed: ${problemOf(error)}; ${job.finishedOn === undefined ? 'it is tried again' : MERGE_AGAIN}`)
    else if (job.finishedOn === undefined) events.onFailed(job.data.number, problemOf(error))
    else events.onSetApart(aboutFailed(job))
  }

  /** Ends this machine with an error. */
  #end (error: unknown): void {
    this.#failure ??= { error }
    this.#stop.abort()
  }

  async #untilStopped (): Promise<void> {
    const { drain, queue } = this.#context
    const { signal } = this.#stop
    while (!signal.aborted) {
      await sleep(1000, undefined, { signal }).catch(() => {})
      if (drain && !signal.aborted && await queue.isIdle().catch(() => false)) return
    }
  }

  async #close (): Promise<void> {
    const closing = this.#worker!.close()
    await Promise.race([closing.catch(() => {}), sleep(GRACE, undefined, { ref: false })])
    await Promise.race([this.#context.board.leave(this.report.id).catch(() => {}), sleep(1000, undefined, { ref: false })])
    await this.#machinery?.machinery.close()
  }

  async #beat (): Promise<void> {
    if (this.#context.redis.status === 'ready') await this.#context.board.beat(this.report.id, this.report.machine())
  }
}

const shardOf = (jobId: string): number => Number(/\d+$/.exec(jobId)![0])

/** Errors by which BullMQ's jobs say where they went. */
const isBullmqs = (error: unknown): boolean => ['WaitingError', 'DelayedError', 'WaitingChildrenError'].includes((error as Error).name)
