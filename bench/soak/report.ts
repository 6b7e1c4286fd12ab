import { textTable } from '../../cli/text-table.ts'
import type { Phase } from './summary.ts'
import type { Verdict } from './verdicts.ts'

/** Results of a run. Names are those of the JSON report. */
export interface Report {
  readonly node: string
  readonly cpus: number
  readonly workers: number
  /** Load average of the minute before: the work of other programs. */
  readonly load_average: number
  readonly request_timeout_ms: number
  readonly start_ms: number
  readonly phases: readonly Phase[]
  readonly verdicts: readonly Verdict[]
}

const COLUMNS: Record<string, (phase: Phase) => number> = {
  seconds: ({ seconds }) => seconds,
  sent: ({ requests }) => requests,
  ok: ({ ok }) => ok,
  'ok/s': ({ goodput }) => goodput,
  refused: ({ refused }) => refused,
  errors: ({ errors, refused }) => Object.values(errors).reduce((sum, count) => sum + count, 0) - refused,
  left: ({ aborted }) => aborted,
  late: phase => phase.not_accepted,
  unanswered: ({ unanswered }) => unanswered,
  p50: ({ latency_ms: { p50 } }) => p50,
  p95: ({ latency_ms: { p95 } }) => p95,
  p99: ({ latency_ms: { p99 } }) => p99,
  live: phase => phase.live_p99_ms,
  loop: phase => phase.event_loop_p99_ms,
  MiB: phase => Math.max(0, ...phase.rss_mib),
  load: phase => phase.load_cpus
}

const LEGEND = 'left: by their clients; late: sent when the server had stopped listening; p50 … p99: of successful detections, ms; live and loop: ' +
  'p99\nof GET /health/live and of the event loop\'s delay, ms; MiB: resident memory at its highest; load: cores that the load itself took'

/** A report for people. */
export function toText ({ node, cpus, workers, load_average: loadAverage, start_ms: startMs, phases, verdicts }: Report): string {
  const head = `Node ${node}, ${cpus} cores, load average ${loadAverage} before, ${workers} workers, ready after ${(startMs / 1000).toFixed(1)} s`
  const columns = Object.fromEntries(Object.keys(COLUMNS).map(name => [name, 'right'] as const))
  const rows = phases.map(phase => [phase.name, ...Object.values(COLUMNS).map(read => String(read(phase)))])
  const checks = verdicts.map(({ name, value, limit, pass }) => [name, String(value), limit, pass ? 'yes' : 'NO'])
  const table = textTable({ check: 'left', value: 'right', limit: 'left', holds: 'left' }, checks)
  return `${head}\n${textTable({ phase: 'left', ...columns }, rows)}\n${LEGEND}\n${table}\n`
}
