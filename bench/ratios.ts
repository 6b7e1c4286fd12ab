import type { Level } from '../cli/load/level.ts'
import type { Stages } from './stages.ts'
import { BUSY_CLIENTS, type ThroughputRatio } from './throughput.ts'

/** Cost of the server relative to the bare stages. Names are those of the JSON report; null if not measured. */
export interface Ratios {
  /** p50 of a single client ÷ (decode and warp + session.run). 1 means no overhead. */
  readonly http_to_bare: number | null
  /** Requests/s of eight clients ÷ photos/s of as many bare pipelines at once as there are workers. */
  readonly throughput_to_bare: number
  /** The stage after session.run: predictions to boxes. */
  readonly after_run_ms: number
  /** Processor time of the main thread per request, with eight clients. */
  readonly main_thread_ms: number | null
}

export function ratiosOf (stages: Stages, levels: readonly Level[], throughput: ThroughputRatio): Ratios {
  const alone = levels.find(({ concurrency }) => concurrency === 1)
  const busy = levels.find(({ concurrency }) => concurrency === BUSY_CLIENTS)
  return {
    http_to_bare: alone ? alone.latency_ms.p50 / stages.bare.ms : null,
    throughput_to_bare: throughput.ratio,
    after_run_ms: stages.postprocess.ms,
    main_thread_ms: busy?.main_thread_ms ?? null
  }
}
