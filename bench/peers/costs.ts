import { ratioOf, type Ratio } from '../../cli/compare.ts'
import { median } from '../../engine/numbers.ts'
import type { Outcome } from './outcomes.ts'
import type { Part, Parts } from './peer.ts'

/** The cost of a photo for a peer. Names are those of the JSON report; null if not measured. */
export interface Cost {
  readonly name: string
  /** Milliseconds of CPU time at the median of the turns; ncnn's by the clock. */
  readonly cpu_ms: Readonly<Record<Part, number | null>>
  /** Network ÷ that of the bare pipeline in fp32, in the same turns. */
  readonly network: Ratio | null
  /** All parts ÷ those of the bare pipeline in fp32, in the same turns. */
  readonly all: Ratio | null
  /** See `Ready`. */
  readonly max_difference: number | null
  /** Why it was not measured. */
  readonly problem: string | null
}

const PARTS: readonly Part[] = ['decode', 'warp', 'preprocess', 'normalize', 'network', 'boxes', 'all']

/** @param reference the bare pipeline in fp32 */
export function costOf ({ name, ready, turns: measured, problem }: Outcome, reference: Outcome): Cost {
  const turns = measured.map(withSums)
  const base = reference.turns.map(withSums)
  const valuesOf = (part: Part): number[] => valuesIn(turns, part)
  const cpu = PARTS.map(part => [part, valuesOf(part).length > 0 ? median(valuesOf(part)) : null])
  const against = (part: Part): Ratio | null =>
    valuesOf(part).length > 0 ? ratioOf(valuesOf(part), valuesIn(base, part)) : null
  return {
    name,
    cpu_ms: Object.fromEntries(cpu),
    network: against('network'),
    all: against('all'),
    max_difference: ready.max_difference ?? null,
    problem: problem ?? null
  }
}

/** The values of a part, turn by turn; none if the peer does not measure it. */
export const valuesIn = (turns: readonly Parts[], part: Part): number[] =>
  turns.map(turn => turn[part]).filter(value => value !== undefined)

/** With decode and warp together, and all parts; a peer that does not decode has no sum. */
export function withSums (parts: Parts): Parts {
  const { decode, warp, normalize = 0, network = 0, boxes = 0 } = parts
  const preprocess = parts.preprocess ?? (decode === undefined || warp === undefined ? undefined : decode + warp)
  if (preprocess === undefined) return parts
  return { ...parts, preprocess, all: preprocess + normalize + network + boxes }
}
