import { latencyOf, type Latency } from '../../cli/load/latency.ts'
import type { LoadResult } from '../../cli/load/load.ts'
import type { Kind } from '../../cli/load/mix.ts'
import type { Outcome } from '../../cli/load/request.ts'
import { rounded } from '../../engine/numbers.ts'
import type { Lap } from './monitor.ts'

/** Results of a phase. Names are those of the JSON report. */
export interface Phase {
  readonly name: string
  readonly seconds: number
  readonly requests: number
  readonly ok: number
  /** Successful detections per second. */
  readonly goodput: number
  /** Answered 503. */
  readonly refused: number
  readonly refused_without_retry_after: number
  /** Error answers, refusals included. */
  readonly errors: Record<string, number>
  /** Answers that do not match the request. */
  readonly wrong: number
  /** By the client, on purpose. */
  readonly aborted: number
  /** Sent after the server had stopped listening. */
  readonly not_accepted: number
  readonly unanswered: number
  /** Of successful detections. */
  readonly latency_ms: Latency
  readonly live_p99_ms: number
  readonly event_loop_p99_ms: number
  readonly queue_depth_max: number
  /** Cores that the load generator used, which the server did not have. */
  readonly load_cpus: number
  /** Once per second, of all processes of the server; empty except on Linux. */
  readonly rss_mib: readonly number[]
}

/** Answers of a server that is not overloaded, by kind of body. */
const EXPECTED: Record<Kind, number> = { photo: 200, garbage: 415, truncated: 422, huge: 413 }

/** Counts the outcomes of a phase's requests, with the samples of that time. */
export function summarize (name: string, { outcomes, seconds, cpuSeconds }: LoadResult, { live, samples }: Lap): Phase {
  const ok = outcomes.filter(({ status }) => status === 200)
  const refused = outcomes.filter(({ status }) => status === 503)
  const ended = (end: Outcome['end']): number => outcomes.filter(outcome => outcome.end === end).length
  return {
    name,
    seconds: rounded(seconds, 1),
    requests: outcomes.length,
    ok: ok.length,
    goodput: rounded(ok.length / seconds, 1),
    refused: refused.length,
    refused_without_retry_after: refused.filter(({ retryAfter }) => !retryAfter).length,
    errors: countCodes(outcomes),
    wrong: outcomes.filter(({ kind, status }) => status !== undefined && status !== 503 && status !== EXPECTED[kind]).length,
    aborted: ended('aborted'),
    not_accepted: ended('not_accepted'),
    unanswered: ended('unanswered'),
    latency_ms: latency(ok.map(({ ms }) => ms)),
    live_p99_ms: rounded(latencyOf(live).p99, 1),
    event_loop_p99_ms: rounded(Math.max(0, ...samples.map(({ loopDelayMs }) => loopDelayMs)), 1),
    queue_depth_max: Math.max(0, ...samples.map(({ queueDepth }) => queueDepth)),
    load_cpus: rounded(cpuSeconds / seconds, 2),
    rss_mib: samples.flatMap(({ rssMib }) => rssMib === null ? [] : rounded(rssMib, 1))
  }
}

function countCodes (outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of outcomes) if (code !== undefined) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

function latency (times: readonly number[]): Latency {
  const { p50, p95, p99 } = latencyOf(times)
  return { p50: rounded(p50, 1), p95: rounded(p95, 1), p99: rounded(p99, 1) }
}
