import { ratiosOf } from '../../bench/ratios.ts'
import type { Report } from '../../bench/report.ts'
import type { Stages } from '../../bench/stages.ts'
import type { ThroughputRatio } from '../../bench/throughput.ts'
import type { Level } from '../../cli/load/level.ts'

/** Figures that are easy to reckon with. */
export const STAGES: Stages = {
  preprocess: { ms: 6, cpu_ms: 7 },
  run: { ms: 10, cpu_ms: 11 },
  bare: { ms: 16, cpu_ms: 18 },
  postprocess: { ms: 0.5, cpu_ms: 2 }
}

export const level = (concurrency: number, p50: number, requestsPerSecond: number): Level => ({
  concurrency,
  requests: 100,
  failed: 0,
  requests_per_second: requestsPerSecond,
  latency_ms: { p50, p95: 1.5 * p50, p99: 2 * p50 },
  cpu_ms: 20,
  main_thread_ms: 1.25,
  event_loop_utilization: 0.1,
  rss_mib: 300,
  load_cpus: 0.05,
  other_cpus: 0.5
})

export const THROUGHPUT: ThroughputRatio = {
  clients: 8,
  pipelines: 2,
  turns: 10,
  seconds: 1,
  requests_per_second: 80,
  images_per_second: 100,
  ratio: 0.8,
  spread: [0.75, 0.85]
}

const LEVELS = [level(1, 20, 50), level(8, 100, 80)]

export const REPORT: Report = {
  machine: { cpu: 'Abacus <2>', cores: 2, node: 'v20.9.0', onnxruntime: '1.30.0', load_average: 0.2 },
  model: 'nanodet-m-416',
  precision: 'fp32',
  workers: 2,
  threads: 1,
  photos: { count: 12, mean_bytes: 190_400 },
  stages: STAGES,
  levels: LEVELS,
  throughput: THROUGHPUT,
  ratios: ratiosOf(STAGES, LEVELS, THROUGHPUT)
}
