import { counted } from '../engine/numbers.ts'
import type { Level } from '../cli/load/level.ts'
import type { Precision } from '../models/calibration-table.ts'
import { range, show } from './format.ts'
import { describeMachine, type Machine } from './machine.ts'
import { markdownTable } from './markdown.ts'
import type { Measure } from './measure.ts'
import type { Ratios } from './ratios.ts'
import type { Stages } from './stages.ts'
import { BUSY_CLIENTS, type ThroughputRatio } from './throughput.ts'

/** Results of a run. Names are those of the JSON report. */
export interface Report {
  readonly machine: Machine
  readonly model: string
  readonly precision: Precision
  readonly workers: number
  readonly threads: number
  readonly photos: { readonly count: number, readonly mean_bytes: number }
  readonly stages: Stages
  readonly levels: readonly Level[]
  readonly throughput: ThroughputRatio
  readonly ratios: Ratios
}

/** Results of a comparison. */
export interface Versus {
  readonly machine: Machine
  readonly photos: number
  /** A and B. */
  readonly sides: readonly [a: string, b: string]
  /** Settings of both from the environment. */
  readonly environment: Readonly<Record<string, string>>
  readonly measures: readonly Measure[]
}

const STAGES: ReadonlyArray<readonly [keyof Stages, string]> = [
  ['preprocess', 'decode and warp'], ['run', 'session.run'], ['bare', 'both'], ['postprocess', 'predictions to boxes']
]

const LEVEL_COLUMNS: Record<string, (level: Level) => number | null> = {
  clients: ({ concurrency }) => concurrency,
  requests: ({ requests }) => requests,
  failed: ({ failed }) => failed,
  'requests/s': level => level.requests_per_second,
  p50: ({ latency_ms: { p50 } }) => p50,
  p95: ({ latency_ms: { p95 } }) => p95,
  p99: ({ latency_ms: { p99 } }) => p99,
  'CPU ms': level => level.cpu_ms,
  'main thread ms': level => level.main_thread_ms,
  'loop busy': level => level.event_loop_utilization,
  MiB: level => level.rss_mib,
  load: level => level.load_cpus,
  others: level => level.other_cpus
}

const RATIOS: Record<keyof Ratios, string> = {
  http_to_bare: 'p50 of one client ÷ (bare decode and warp + bare session.run)',
  throughput_to_bare: `requests/s of ${BUSY_CLIENTS} clients ÷ photos/s of bare pipelines at once`,
  after_run_ms: 'after session.run, ms per photo',
  main_thread_ms: `main thread, CPU ms per request with ${BUSY_CLIENTS} clients`
}

const VERSUS = { median: 'left', rounds: 'right', A: 'right', B: 'right', 'B ÷ A': 'right', 'middle half': 'right' } as const

const LEGEND = `p50 … p99: milliseconds from the first byte sent to the last received; CPU ms: of the server, per request; loop busy: share of the time;
load: cores that sending the requests used, on the same machine; others: cores that other programs used`

/** A report in Markdown. */
export function toMarkdown (report: Report): string {
  const { machine, model, precision, workers, threads, photos, stages, levels, throughput, ratios } = report
  const setup = `${model} in ${precision}; ${counted(photos.count, 'photo')}, ${Math.round(photos.mean_bytes / 1000)} KB each on average; ` +
    `the server with ${counted(workers, 'worker')} of ${counted(threads, 'thread')}`
  const stageRows = STAGES.map(([key, name]) => [name, show(stages[key].ms), show(stages[key].cpu_ms)])
  const columns = Object.fromEntries(Object.keys(LEVEL_COLUMNS).map(name => [name, 'right'] as const))
  const levelRows = levels.map(level => Object.values(LEVEL_COLUMNS).map(read => show(read(level))))
  const ratioRows = Object.entries(RATIOS).map(([key, name]) => [name, show(ratios[key as keyof Ratios])])
  return `${[
    `${describeMachine(machine)}\n${setup}`,
    markdownTable({ [`bare, ${counted(threads, 'thread')}`]: 'left', ms: 'right', 'CPU ms': 'right' }, stageRows),
    markdownTable(columns, levelRows),
    LEGEND,
    describeThroughput(throughput),
    markdownTable({ ratio: 'left', value: 'right' }, ratioRows)
  ].join('\n\n')}\n`
}

function describeThroughput ({ clients, pipelines, turns, seconds, ratio, spread, ...rates }: ThroughputRatio): string {
  const server = `${show(rates.requests_per_second)} requests/s of ${counted(clients, 'client')}`
  const bare = `${show(rates.images_per_second)} photos/s of ${counted(pipelines, 'bare pipeline')} at once`
  return `${counted(turns, 'turn')} of ${counted(seconds, 'second')} each: ${server}, ${bare}: ${ratio.toFixed(3)} (middle half: ${range(spread, 3)})`
}

/** A comparison in Markdown. */
export function versusToMarkdown ({ machine, photos, sides: [a, b], environment, measures }: Versus): string {
  const rows = measures.map(({ name, rounds, ratio, spread, ...medians }) =>
    [name, String(rounds), show(medians.a), show(medians.b), ratio.toFixed(3), range(spread, 3)])
  const table = markdownTable(VERSUS, rows)
  const settings = Object.entries(environment).map(([name, value]) => `; ${name}=${value}`).join('')
  return `${describeMachine(machine)}\n${counted(photos, 'photo')}; A: ${a}, B: ${b}, in turn${settings}\n\n${table}\n`
}
