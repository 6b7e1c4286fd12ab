import { interleave, type Variant } from '../../cli/compare.ts'
import { CommandError } from '../../cli/errors.ts'
import type { ProgressBar } from '../../cli/progress-bar.ts'
import type { Candidate, Parts, Peer, Ready } from './peer.ts'

/** What a peer did. */
export interface Outcome {
  readonly name: string
  readonly ready: Ready
  /** Turn by turn; empty if the peer failed. */
  readonly turns: readonly Parts[]
  /** Why it did not run to the end. */
  readonly problem?: string
}

const WARM_UP_TURNS = 1

/** Ends a peer's part in the run, not the run. */
class Entrant {
  readonly name: string
  #peer: Peer | undefined
  problem: string | undefined

  constructor (name: string) { this.name = name }

  async start (candidate: Candidate): Promise<void> {
    await this.#attempt(async () => { this.#peer = await candidate.start() })
  }

  /** undefined once it has failed. */
  async turn (): Promise<Parts | undefined> {
    return this.problem === undefined ? await this.#attempt(() => this.#peer!.turn()) : undefined
  }

  get ready (): Ready { return this.#peer?.ready ?? { versions: {} } }

  async close (): Promise<void> { await this.#peer?.close() }

  async #attempt<T> (work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.problem = error.message
      return undefined
    }
  }
}

/** Starts peers one after another, then lets them run in turn. A peer that fails does not end the run. */
export async function runPeers (candidates: readonly Candidate[], turns: number, bar: ProgressBar): Promise<Outcome[]> {
  const entrants = candidates.map(({ name }) => new Entrant(name))
  try {
    for (const [i, entrant] of entrants.entries()) await bar.during(`start ${entrant.name}`, () => entrant.start(candidates[i]!))
    const variants: Record<string, Variant<Parts | undefined>> = {}
    for (const entrant of entrants) variants[entrant.name] = () => bar.during(entrant.name, () => entrant.turn())
    const results = await interleave(variants, turns, WARM_UP_TURNS)
    return entrants.map(entrant => outcomeOf(entrant, results[entrant.name]!))
  } finally {
    await Promise.all(entrants.map(entrant => entrant.close()))
  }
}

/** The number of steps of `runPeers` on a progress bar. */
export const stepsOf = (peers: number, turns: number): number => peers * (1 + WARM_UP_TURNS + turns)

function outcomeOf ({ name, ready, problem }: Entrant, results: ReadonlyArray<Parts | undefined>): Outcome {
  if (problem !== undefined) return { name, ready, turns: [], problem }
  return { name, ready, turns: results.filter(result => result !== undefined) }
}
