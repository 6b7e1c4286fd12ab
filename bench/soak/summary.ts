import type { Kind } from './images.ts'
import type { LoadResult } from './load.ts'
import type { Lap } from './monitor.ts'
import type { Outcome } from './request.ts'

/** What a phase showed. Its names are those of the JSON report. */
export interface Phase {
  readonly name: string
  readonly seconds: number
  readonly requests: number
  readonly ok: number
  /** Detections that succeeded, a second. */
  readonly goodput: number
  /** Answered 503. */
  readonly refused: number
  readonly refused_without_retry_after: number
  /** Answers that are errors, refusals included. */
  readonly errors: Record<string, number>
  /** Answers that what was sent does not explain. */
  readonly wrong: number
  /** By the client, on purpose. */
  readonly aborted: number
  /** Sent when the server had stopped listening. */
  readonly not_accepted: number
  readonly unanswered: number
  /** Of successful detections. */
  readonly latency_ms: Percentiles
  readonly live_p99_ms: number
  readonly event_loop_p99_ms: number
  readonly queue_depth_max: number
  /** Cores that making the load took. What it takes, the server lacks. */
  readonly load_cpus: number
  /** Once a second. */
  readonly rss_mib: readonly number[]
}

export interface Percentiles { readonly p50: number, readonly p95: number, readonly p99: number }

/** What each kind of body is answered with by a server that has the time. */
const EXPECTED: Record<Kind, number> = { photo: 200, garbage: 415, truncated: 422, huge: 413 }

/** Counts what a phase's requests came to, and what was seen meanwhile. */
export function summarize (name: string, { outcomes, seconds, cpuSeconds }: LoadResult, { live, samples }: Lap): Phase {
  const ok = outcomes.filter(({ status }) => status === 200)
  const refused = outcomes.filter(({ status }) => status === 503)
  const ended = (end: Outcome['end']): number => outcomes.filter(outcome => outcome.end === end).length
  return {
    name,
    seconds: rounded(seconds),
    requests: outcomes.length,
    ok: ok.length,
    goodput: rounded(ok.length / seconds),
    refused: refused.length,
    refused_without_retry_after: refused.filter(({ retryAfter }) => !retryAfter).length,
    errors: countCodes(outcomes),
    wrong: outcomes.filter(({ kind, status }) => status !== undefined && status !== 503 && status !== EXPECTED[kind]).length,
    aborted: ended('aborted'),
    not_accepted: ended('not_accepted'),
    unanswered: ended('unanswered'),
    latency_ms: percentiles(ok.map(({ ms }) => ms)),
    live_p99_ms: rounded(percentile(live, 0.99)),
    event_loop_p99_ms: rounded(Math.max(0, ...samples.map(({ loopDelayMs }) => loopDelayMs))),
    queue_depth_max: Math.max(0, ...samples.map(({ queueDepth }) => queueDepth)),
    load_cpus: Math.round(100 * cpuSeconds / seconds) / 100,
    rss_mib: samples.map(({ rssMib }) => rounded(rssMib))
  }
}

function countCodes (outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of outcomes) if (code !== undefined) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

const percentiles = (values: readonly number[]): Percentiles =>
  ({ p50: rounded(percentile(values, 0.5)), p95: rounded(percentile(values, 0.95)), p99: rounded(percentile(values, 0.99)) })

/** The smallest value that this share of them does not exceed; 0 of none. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** To one decimal. */
export const rounded = (value: number): number => Math.round(value * 10) / 10
