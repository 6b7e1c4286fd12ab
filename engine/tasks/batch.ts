import type { Output, Picture, Session } from '../session.ts'
import { stopwatch } from '../steps.ts'

/** The outputs of one picture, by name, and the milliseconds of the run that it was part of. */
export interface Ran { readonly outputs: Record<string, Output>, readonly ms: number }

/** Runs a network on a job's picture. */
export type RunNetwork = (session: Session, picture: Picture) => Promise<Ran>

interface Waiting {
  readonly session: Session
  readonly picture: Picture
  readonly resolve: (ran: Ran) => void
  readonly reject: (error: Error) => void
}

/** Runs one picture by itself. */
export const runAlone: RunNetwork = async (session, picture) => (await runAll(session, [picture]))[0]!

/**
 * Jobs of one model whose pictures are run together, once every job has handed in its picture or failed. A job that fails does not
 * affect the others.
 */
export class Batch {
  /** Jobs that may still hand in a picture. */
  #missing: number
  readonly #waiting: Waiting[] = []

  constructor (size: number) { this.#missing = size }

  /** Does one job of the batch. @param job runs its network at most once */
  async join<T> (job: (run: RunNetwork) => Promise<T>): Promise<T> {
    let isMissing = true
    const arrive = (): void => {
      if (isMissing && --this.#missing === 0) this.#start()
      isMissing = false
    }
    try {
      return await job((session, picture) => new Promise((resolve, reject) => {
        this.#waiting.push({ session, picture, resolve, reject })
        arrive()
      }))
    } finally {
      arrive()
    }
  }

  /** Networks for one picture run them one by one. */
  async #start (): Promise<void> {
    const groups = this.#waiting[0]?.session.isBatched ? [this.#waiting] : this.#waiting.map(one => [one])
    for (const jobs of groups) await runTogether(jobs)
  }
}

async function runTogether (jobs: readonly Waiting[]): Promise<void> {
  try {
    const ran = await runAll(jobs[0]!.session, jobs.map(({ picture }) => picture))
    jobs.forEach(({ resolve }, i) => resolve(ran[i]!))
  } catch (error) {
    for (const { reject } of jobs) reject(error as Error)
  }
}

async function runAll (session: Session, pictures: readonly Picture[]): Promise<Ran[]> {
  const clock = stopwatch()
  const outputs = await session.runAll(pictures)
  const ms = clock()
  return outputs.map(outputs => ({ outputs, ms }))
}
