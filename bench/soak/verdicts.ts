import { rounded } from '../../engine/numbers.ts'
import type { Phase } from './summary.ts'

/** Results of the end of a run. */
export interface Ending {
  readonly exit_code: number | null
  /** Milliseconds from SIGTERM to the end of the process. */
  readonly exit_ms: number
  /** After the load. */
  readonly queue_depth: number
  readonly worker_crashes: number
  /** Resident memory at the end, relative to the reference; null except on Linux. */
  readonly rss_ratio: number | null
}

export interface Verdict {
  readonly name: string
  readonly value: number | null
  readonly limit: string
  readonly pass: boolean
}

export interface Limits { readonly requestTimeout: number, readonly shutdownTimeout: number, readonly cores: number }

const MAX_LIVE_MS = 50
const MIN_GOODPUT = 0.9
const MAX_RSS = 1.05

/** Whether the service kept its limits, one by one. */
export function judge (phases: readonly Phase[], ending: Ending, limits: Limits): Verdict[] {
  const sum = (count: (phase: Phase) => number): number => phases.reduce((total, phase) => total + count(phase), 0)
  const worst = (read: (phase: Phase) => number): number => Math.max(...phases.map(read))
  return [
    ...judgeGoodput(phases, limits),
    atMost('p99 of successful detections, ms', worst(({ latency_ms: { p99 } }) => p99), 2 * limits.requestTimeout),
    exactly('503 without Retry-After', sum(phase => phase.refused_without_retry_after), 0),
    atMost('p99 of GET /health/live, ms', worst(({ live_p99_ms: ms }) => ms), MAX_LIVE_MS),
    exactly('accepted requests without an answer', sum(({ unanswered }) => unanswered), 0),
    exactly('answers that do not fit what was sent', sum(({ wrong }) => wrong), 0),
    exactly('queue after the load', ending.queue_depth, 0),
    exactly('workers that crashed', ending.worker_crashes, 0),
    ...(ending.rss_ratio === null ? [] : [atMost('memory at the end, relative', ending.rss_ratio, MAX_RSS)]),
    exactly('exit code after SIGTERM', ending.exit_code, 0),
    atMost('SIGTERM to exit, ms', ending.exit_ms, limits.shutdownTimeout)
  ]
}

/**
 * Four times the load that the server can handle should not reduce its goodput. It is compared with the other phases of the same mix
 * (a tenth of which can't succeed), per core that the load generator leaves: in production, load comes from other machines.
 */
function judgeGoodput (phases: readonly Phase[], { cores }: Limits): Verdict[] {
  const perCore = ({ goodput, load_cpus: load }: Phase): number => goodput / (cores - load)
  const sameMix = phases.filter(({ name }) => name.endsWith('×'))
  const overloaded = sameMix.find(({ name }) => name === '4×')
  if (!overloaded) return []
  const value = perCore(overloaded) / Math.max(...sameMix.map(perCore))
  return [{ name: 'goodput at 4×, of the best', value: rounded(value, 2), limit: `≥ ${MIN_GOODPUT}`, pass: value >= MIN_GOODPUT }]
}

const atMost = (name: string, value: number, limit: number): Verdict =>
  ({ name, value: rounded(value, 2), limit: `≤ ${limit}`, pass: value <= limit })

const exactly = (name: string, value: number | null, limit: number): Verdict =>
  ({ name, value, limit: `= ${limit}`, pass: value === limit })
