import { WorkerError } from '../errors.ts'

interface Reservation { readonly resolve: () => void, readonly reject: (error: Error) => void }

/** Workers without a job, the latest one first, and who is to get one that is busy as soon as it is free. */
export class IdleWorkers<Worker> {
  readonly #idle: Worker[] = []
  readonly #reservations = new Map<Worker, Reservation[]>()

  get size (): number { return this.#idle.length }

  /** Takes any worker; undefined where all are busy. */
  take (): Worker | undefined { return this.#idle.pop() }

  /** Takes a certain worker, as soon as it is free. @throws WorkerError with `ended` where it is dropped first */
  reserve (worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#remove(worker)) resolve()
      else this.#reservations.set(worker, [...this.#reservations.get(worker) ?? [], { resolve, reject }])
    })
  }

  /** Gives a free worker to whoever reserved it. @returns whether someone had */
  giveToReserver (worker: Worker): boolean {
    const reservation = this.#reservations.get(worker)?.shift()
    reservation?.resolve()
    return reservation !== undefined
  }

  add (worker: Worker): void { this.#idle.push(worker) }

  /** Forgets a worker that has ended. */
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
