/** A job's place in a batch of jobs that a worker does together. */
export interface Place { readonly size: number, readonly place: number }

/** A worker that has been given to one or several jobs. */
export class Turn<Worker> {
  readonly worker: Worker
  /** Number of jobs. */
  readonly size: number
  #entered = 0
  #left = 0

  constructor (worker: Worker, size = 1) {
    this.worker = worker
    this.size = size
  }

  /** The place of the next job, in the order in which the worker gets them. */
  enter (): Place { return { size: this.size, place: this.#entered++ } }

  /** Ends a job. @returns whether it was the last one */
  leave (): boolean { return ++this.#left === this.size }
}
