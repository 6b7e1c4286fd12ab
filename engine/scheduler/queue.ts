import { AbortedError, OverloadError } from '../errors.ts'
import type { WorkerHandle } from '../processes/worker-process.ts'

/** What may wait for a worker. */
export interface QueueLimits {
  readonly maxJobs: number
  /** Bytes of all images that wait. */
  readonly maxBytes: number
  /** Milliseconds until an answer. A job that can't be answered by then is refused at once. */
  readonly maxWait: number
}

/** A job that waits. */
export interface Ticket {
  readonly bytes: number
  readonly start: (worker: WorkerHandle) => void
}

/** The weight of the newest job in the running mean of how long jobs take. */
const NEWEST = 0.1

/** Jobs that wait for a worker, first come, first served; bounded, so that what is accepted is answered in time. */
export class JobQueue {
  readonly #limits: QueueLimits
  readonly #workers: number
  readonly #tickets = new Set<Ticket>()
  #bytes = 0
  #meanMs = 0

  /** @param workers how many jobs run side by side */
  constructor (limits: QueueLimits, workers: number) {
    this.#limits = limits
    this.#workers = workers
  }

  get length (): number { return this.#tickets.size }

  get bytes (): number { return this.#bytes }

  /** Milliseconds until a job that comes now would be answered, by what the latest jobs took. */
  get expectedMs (): number { return (this.#tickets.size / this.#workers + 2) * this.#meanMs }

  /** Tells how long a job took in its worker. */
  took (ms: number): void {
    this.#meanMs = this.#meanMs === 0 ? ms : this.#meanMs + (ms - this.#meanMs) * NEWEST
  }

  /**
   * Waits for a worker.
   * @throws OverloadError at once where the limits leave no place, or when the time is up; AbortedError when the signal is
   */
  wait (bytes: number, signal?: AbortSignal): Promise<WorkerHandle> {
    this.admit(bytes)
    return new Promise((resolve, reject) => {
      const leave = (error: Error) => {
        this.#remove(ticket)
        cleanUp()
        reject(error)
      }
      const onAbort = () => leave(new AbortedError())
      const { maxWait } = this.#limits
      const timer = Number.isFinite(maxWait) ? setTimeout(() => leave(this.#overload('deadline')), maxWait) : undefined
      const cleanUp = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
      }
      const ticket: Ticket = { bytes, start: worker => { cleanUp(); resolve(worker) } }
      this.#tickets.add(ticket)
      this.#bytes += bytes
      if (signal?.aborted) onAbort()
      else signal?.addEventListener('abort', onAbort)
    })
  }

  /** Takes the job that has waited longest. */
  next (): Ticket | undefined {
    const [ticket] = this.#tickets
    if (ticket) this.#remove(ticket)
    return ticket
  }

  /** @throws OverloadError where a job that comes now would find no place */
  admit (bytes: number): void {
    const { maxJobs, maxBytes, maxWait } = this.#limits
    if (this.#tickets.size >= maxJobs) throw this.#overload('queue_full')
    if (this.#bytes + bytes > maxBytes) throw this.#overload('queue_bytes')
    if (this.expectedMs > maxWait) throw this.#overload('too_slow')
  }

  #overload (reason: OverloadError['reason']): OverloadError {
    return new OverloadError(reason, Math.max(1, Math.ceil(this.expectedMs / 1000)))
  }

  #remove (ticket: Ticket): void {
    if (this.#tickets.delete(ticket)) this.#bytes -= ticket.bytes
  }
}
