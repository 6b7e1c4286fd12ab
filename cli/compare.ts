/** Measures in turn, so that other work of the machine affects all variants alike. */
import { median, percentile } from '../engine/numbers.ts'

/** Work that is repeated. */
export type Variant<T = unknown> = () => Promise<T>

/** A quotient of two measurements. */
export interface Ratio {
  /** The median of all rounds. */
  readonly ratio: number
  /** Bounds of the ratio in the middle half of the rounds. */
  readonly spread: readonly [low: number, high: number]
}

/** A variant relative to the first: `ratio` is its speed-up in the same round. */
export interface Comparison extends Ratio {
  readonly name: string
  /** Milliseconds per run. */
  readonly median: number
}

const WARM_UP_ROUNDS = 5

/** Times variants relative to the first. On a machine that is not idle, only the ratios are meaningful. */
export async function compare (variants: Readonly<Record<string, Variant>>, rounds: number): Promise<Comparison[]> {
  const clocks = Object.entries(variants).map(([name, run]) => [name, timed(run)] as const)
  const times = Object.entries(await interleave(Object.fromEntries(clocks), rounds, WARM_UP_ROUNDS))
  const [, first] = times[0]!
  return times.map(([name, own]) => ({ name, median: median(own), ...ratioOf(first, own) }))
}

/**
 * Runs each variant once per round; each round begins with another.
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
