import { hostname } from 'node:os'
import type { ShardWatch } from './process-shard.ts'
import type { Machine } from './status.ts'
import { NO_PROGRESS, shortened, type Progress } from './suspects.ts'

/** Milliseconds over which the rate is measured. */
const WINDOW = 30_000

/** What this process does, and has done. */
export class MachineReport implements ShardWatch {
  readonly id = `${hostname()}:${process.pid}`
  readonly #workers: number
  /** Times at which images ended, of the last half minute. */
  readonly #ends: number[] = []
  readonly #inWork = new Set<string>()
  readonly #start: number
  readonly #now: () => number
  #shard: number | undefined
  #begun: Progress = NO_PROGRESS
  #done = 0
  #failed = 0
  /** Since the start. */
  readonly totals = { images: 0, failed: 0, shards: 0 }

  /** @param now milliseconds */
  constructor (workers: number, now: () => number = () => performance.now()) {
    this.#workers = workers
    this.#now = now
    this.#start = now()
  }

  /** The shard in work. */
  get shard (): number | undefined { return this.#shard }

  beginShard (shard: number, begun: Progress): void {
    this.#shard = shard
    this.#begun = begun
    this.#done = this.#failed = 0
    this.#inWork.clear()
  }

  endShard (isDone: boolean): void {
    this.#shard = undefined
    this.#inWork.clear()
    if (isDone) this.totals.shards++
  }

  begin (name: string): void { this.#inWork.add(name) }

  end (name: string, failed: boolean): void {
    this.#inWork.delete(name)
    this.#done++
    this.totals.images++
    this.#ends.push(this.#now())
    if (!failed) return
    this.#failed++
    this.totals.failed++
  }

  /** For the job, in case that this machine dies. */
  progress (): Progress {
    return { done: this.#done, failed: this.#failed, inWork: shortened(this.#inWork), deaths: this.#begun.deaths }
  }

  machine (): Omit<Machine, 'at'> {
    const [host, pid] = [hostname(), process.pid]
    const shard = this.#shard === undefined ? {} : { shard: this.#shard }
    return { host, pid, workers: this.#workers, imagesPerSecond: this.#rate(), ...shard, done: this.#done, failed: this.#failed }
  }

  #rate (): number {
    const now = this.#now()
    const first = this.#ends.findIndex(end => end > now - WINDOW)
    this.#ends.splice(0, first === -1 ? this.#ends.length : first)
    const seconds = Math.min(WINDOW, now - this.#start) / 1000
    return seconds > 0 ? Math.round(this.#ends.length / seconds * 10) / 10 : 0
  }
}
