import { WorkerError } from '../errors.ts'

interface Reservation { readonly resolve: () => void, readonly reject: (error: Error) => void }

/** Idle workers, the most recently used first, and reservations of busy ones. */
export class IdleWorkers<Worker> {
  readonly #idle: Worker[] = []
  readonly #reservations = new Map<Worker, Reservation[]>()

  get size (): number { return this.#idle.length }

  /** Takes any worker; undefined if all are busy. */
  take (): Worker | undefined { return this.#idle.pop() }

  /** Takes a specific worker as soon as it is free. @throws WorkerError with `ended` if it is dropped first */
  reserve (worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#remove(worker)) resolve()
      else this.#reservations.set(worker, [...this.#reservations.get(worker) ?? [], { resolve, reject }])
    })
  }

  /** Gives a free worker to its reservation. @returns whether it had one */
  giveToReserver (worker: Worker): boolean {
    const reservation = this.#reservations.get(worker)?.shift()
    reservation?.resolve()
    return reservation !== undefined
  }

  add (worker: Worker): void { this.#idle.push(worker) }

  /** Removes a worker that has ended. */
  drop (worker: Worker): void {
    this.#remove(worker)
    for (const { reject } of this.#reservations.get(worker) ?? []) reject(new WorkerError('the worker has ended', { ended: true }))
    this.#reservations.delete(worker)
  }

  #remove (worker: Worker): boolean {
    const place = this.#idle.indexOf(worker)
    if (place >= 0) this.#idle.splice(place, 1)
    return place >= 0
  }
}
