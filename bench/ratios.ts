import type { Level } from './level.ts'
import type { Stages } from './stages.ts'

/** What the server costs beside the bare stages. Its names are those of the JSON report; null where nothing was measured. */
export interface Ratios {
  /** p50 of one client alone ÷ (decode and warp + session.run). 1 is a server that costs nothing. */
  readonly http_to_bare: number | null
  /** Requests/s of eight clients ÷ (cores ÷ the bare stages' CPU-seconds a photo). 1 is a machine whose cores do nothing else. */
  readonly throughput_to_cores: number | null
  /** The same, of the cores that sending the requests and other processes left: what can be said on a machine that is not idle. */
  readonly throughput_to_free_cores: number | null
  /** What comes after session.run: predictions to boxes. */
  readonly after_run_ms: number
  /** Processor time of the main thread a request, with eight clients. */
  readonly main_thread_ms: number | null
}

export const BUSY_CLIENTS = 8

/** @param cores that the server may use */
export function ratiosOf (stages: Stages, levels: readonly Level[], cores: number): Ratios {
  const alone = levels.find(({ concurrency }) => concurrency === 1)
  const busy = levels.find(({ concurrency }) => concurrency === BUSY_CLIENTS)
  const perCore = 1000 / (stages.bare.cpu_ms + stages.interpret.cpu_ms)
  return {
    http_to_bare: alone ? alone.latency_ms.p50 / stages.bare.ms : null,
    throughput_to_cores: busy ? busy.requests_per_second / (cores * perCore) : null,
    throughput_to_free_cores: busy ? busy.requests_per_second / ((cores - busy.load_cpus - busy.other_cpus) * perCore) : null,
    after_run_ms: stages.interpret.ms,
    main_thread_ms: busy?.main_thread_ms ?? null
  }
}
