/** Measuring in turn, so that what else the machine does meets everything alike. */
import { median, percentile } from '../engine/numbers.ts'

/** Something that is run over and over. */
export type Variant<T = unknown> = () => Promise<T>

/** What one divided by the other is. */
export interface Ratio {
  /** The median of all rounds. */
  readonly ratio: number
  /** In the middle half of the rounds the ratio lies between these. */
  readonly spread: readonly [low: number, high: number]
}

/** How one variant did, beside the first: `ratio` is how many times as fast it was in the same round. */
export interface Comparison extends Ratio {
  readonly name: string
  /** Milliseconds of a run. */
  readonly median: number
}

const WARM_UP_ROUNDS = 5

/** Times variants against the first of them. Only the ratios mean something on a machine that is not idle. */
export async function compare (variants: Readonly<Record<string, Variant>>, rounds: number): Promise<Comparison[]> {
  const clocks = Object.entries(variants).map(([name, run]) => [name, timed(run)] as const)
  const times = Object.entries(await interleave(Object.fromEntries(clocks), rounds, WARM_UP_ROUNDS))
  const [, first] = times[0]!
  return times.map(([name, own]) => ({ name, median: median(own), ...ratioOf(first, own) }))
}

/**
 * Runs each variant once a round, every round beginning with another.
 * @param warmUp rounds whose results don't count
 * @returns the results of each, round by round
 */
export async function interleave<K extends string, T> (
  variants: Readonly<Record<K, Variant<T>>>, rounds: number, warmUp: number
): Promise<Record<K, T[]>> {
  const names = Object.keys(variants) as K[]
  const results = Object.fromEntries(names.map(name => [name, [] as T[]])) as Record<K, T[]>
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of rotated(names, Math.abs(round))) {
      const result = await variants[name]()
      if (round >= 0) results[name].push(result)
    }
  }
  return results
}

/** Values divided by those of the same rounds. */
export function ratioOf (values: readonly number[], references: readonly number[]): Ratio {
  const ratios = values.map((value, round) => value / references[round]!).toSorted((a, b) => a - b)
  return { ratio: percentile(ratios, 50), spread: [percentile(ratios, 25), percentile(ratios, 75)] }
}

/** The same items, beginning with another. */
export const rotated = <T>(items: readonly T[], by: number): T[] =>
  [...items.slice(by % items.length), ...items.slice(0, by % items.length)]

const timed = (run: Variant): Variant<number> => async () => {
  const start = performance.now()
  await run()
  return performance.now() - start
}
