import { ClosedError, OverloadError, type OverloadReason } from '../errors.ts'
import { waitUntil, type Waiter, type WaitOptions } from '../wait-until.ts'
import { Turn } from './turn.ts'

/** Limits of the queue. */
export interface QueueLimits {
  readonly maxJobs: number
  /** Bytes of all waiting images. */
  readonly maxBytes: number
  /** Expected milliseconds until a new job would start; unlimited by default. One job may always wait. */
  readonly maxWait?: number
}

/** Priorities, highest first. */
export const PRIORITIES = ['high', 'normal', 'low'] as const
export type Priority = typeof PRIORITIES[number]

/** A job to queue. */
export interface WaitingJob extends WaitOptions {
  readonly bytes: number
  /** Expected milliseconds in a worker. */
  readonly ms: number
  readonly priority: Priority
  /** A worker can do jobs of one kind together, up to a number. Without it, the job is done alone. */
  readonly together?: { readonly kind: string, readonly max: number } | undefined
}

interface Ticket<Worker> extends WaitingJob { readonly waiter: Waiter<Turn<Worker>> }

/** Jobs that wait for a worker: bounded, by priority, first come, first served within a priority. */
export class JobQueue<Worker> {
  readonly #limits: QueueLimits
  readonly #retryAfter: () => number
  readonly #tickets: Record<Priority, Set<Ticket<Worker>>> = { high: new Set(), normal: new Set(), low: new Set() }
  #bytes = 0
  #ms = 0

  /** @param retryAfter seconds after which a client whose deadline has passed may try again */
  constructor (limits: QueueLimits, retryAfter: () => number) {
    this.#limits = limits
    this.#retryAfter = retryAfter
  }

  get length (): number { return PRIORITIES.reduce((sum, priority) => sum + this.#tickets[priority].size, 0) }

  get bytes (): number { return this.#bytes }

  /** Expected milliseconds of all waiting jobs. */
  get ms (): number { return this.#ms }

  /** Why a job would not fit; undefined if it would. @param wait expected milliseconds until it would start */
  refusal (bytes: number, wait = 0): OverloadReason | undefined {
    if (this.length >= this.#limits.maxJobs) return 'queue_full'
    if (this.length > 0 && wait > (this.#limits.maxWait ?? Infinity)) return 'queue_wait'
    return this.#bytes + bytes > this.#limits.maxBytes ? 'queue_bytes' : undefined
  }

  /** Waits for a worker. @throws OverloadError if the deadline passes, AbortedError when the signal aborts, ClosedError */
  wait (job: WaitingJob): Promise<Turn<Worker>> {
    return waitUntil<Turn<Worker>>(job, () => new OverloadError('deadline', this.#retryAfter()), waiter => {
      const ticket = { ...job, waiter }
      this.#add(ticket)
      return () => this.#remove(ticket)
    })
  }

  /** Gives a worker to the next job, and to those that can be done together with it. @returns whether there was one */
  serve (worker: Worker): boolean {
    const [first, ...others] = this.#inOrder()
    if (!first) return false
    const { kind, max = 1 } = first.together ?? {}
    const tickets = [first, ...others.filter(({ together }) => together !== undefined && together.kind === kind).slice(0, max - 1)]
    const turn = new Turn(worker, tickets.length)
    for (const { waiter } of tickets) waiter.resolve(turn)
    return true
  }

  close (): void { for (const { waiter } of this.#inOrder()) waiter.reject(new ClosedError()) }

  #inOrder (): Array<Ticket<Worker>> { return PRIORITIES.flatMap(priority => [...this.#tickets[priority]]) }

  #add (ticket: Ticket<Worker>): void {
    this.#tickets[ticket.priority].add(ticket)
    this.#bytes += ticket.bytes
    this.#ms += ticket.ms
  }

  #remove (ticket: Ticket<Worker>): void {
    if (!this.#tickets[ticket.priority].delete(ticket)) return
    this.#bytes -= ticket.bytes
    this.#ms = this.length === 0 ? 0 : this.#ms - ticket.ms // avoids accumulating rounding errors
  }
}
