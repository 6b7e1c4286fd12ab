/** Something whose time is taken. */
export type Variant = () => Promise<unknown>

/** How one variant did, beside the first. */
export interface Comparison {
  readonly name: string
  /** Milliseconds of a run. */
  readonly median: number
  /** How many times as fast as the first variant in the same round: the median of all rounds. */
  readonly ratio: number
  /** In the middle half of the rounds the ratio lies between these. */
  readonly spread: readonly [low: number, high: number]
}

const WARM_UP_ROUNDS = 5

/**
 * Times variants against the first of them. Every round runs each once, in turn beginning with another, so that what else the machine does
 * meets them all alike. Only the ratios mean something on a machine that is not idle.
 */
export async function compare (variants: Readonly<Record<string, Variant>>, rounds: number): Promise<Comparison[]> {
  const names = Object.keys(variants)
  const times = new Map(names.map(name => [name, [] as number[]]))
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const name of rotated(names, round)) {
      const start = performance.now()
      await variants[name]!()
      if (round >= 0) times.get(name)!.push(performance.now() - start)
    }
  }
  const [first] = times.values()
  return [...times].map(([name, own]) => summarize(name, own, first!))
}

function summarize (name: string, times: readonly number[], first: readonly number[]): Comparison {
  const ratios = times.map((time, round) => first[round]! / time)
  return { name, median: quantile(times, 0.5), ratio: quantile(ratios, 0.5), spread: [quantile(ratios, 0.25), quantile(ratios, 0.75)] }
}

/** The value that a share of the values lies below; the nearest of them. */
function quantile (values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.round((values.length - 1) * share)] ?? NaN
}

function rotated<T> (items: readonly T[], by: number): T[] {
  const start = Math.abs(by) % items.length
  return [...items.slice(start), ...items.slice(0, start)]
}
