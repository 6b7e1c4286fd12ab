import type { StageTimes } from '../../record.ts'
import { MODEL_VERSION } from './served.ts'

/** Count and total time. */
interface Duration { count: number, ns: number }

const COMPUTING = ['compute_input', 'compute_infer', 'compute_output'] as const
const STAGES = ['success', 'fail', 'queue', ...COMPUTING, 'cache_hit', 'cache_miss'] as const
type Stage = typeof STAGES[number]

interface Counts { lastInference: number, readonly stages: Readonly<Record<Stage, Duration>> }

function newCounts (): Counts {
  const stages = STAGES.map(stage => [stage, { count: 0, ns: 0 }])
  return { lastInference: 0, stages: Object.fromEntries(stages) as Record<Stage, Duration> }
}

/** Request statistics of each model since the server started. */
export class Statistics {
  readonly #counts = new Map<string, Counts>()

  /** @param model one that is served */
  succeeded (model: string, times: StageTimes): void {
    const counts = this.#of(model)
    const { queue = 0, decode = 0, preprocess = 0, inference = 0, postprocess = 0, total } = times
    const ms = { success: total, queue, compute_input: decode + preprocess, compute_infer: inference, compute_output: postprocess }
    for (const [stage, value] of Object.entries(ms)) add(counts.stages[stage as Stage], value)
    counts.lastInference = Date.now()
  }

  /**
   * @param model one that is served
   * @param ms time until the failure
   */
  failed (model: string, ms: number): void { add(this.#of(model).stages.fail, ms) }

  /** In the protocol's form. */
  report (models: readonly string[]) {
    return { model_stats: models.map(name => describe(name, this.#counts.get(name) ?? newCounts())) }
  }

  #of (model: string): Counts {
    const counts = this.#counts.get(model) ?? newCounts()
    this.#counts.set(model, counts)
    return counts
  }
}

function add (duration: Duration, ms: number): void {
  duration.count++
  duration.ns += Math.round(ms * 1e6)
}

function describe (name: string, { lastInference, stages }: Counts) {
  const { count } = stages.success
  const batch = { batch_size: 1, ...Object.fromEntries(COMPUTING.map(stage => [stage, stages[stage]])) }
  return {
    name,
    version: MODEL_VERSION,
    last_inference: lastInference,
    inference_count: count,
    execution_count: count,
    inference_stats: stages,
    response_stats: {},
    batch_stats: count > 0 ? [batch] : [],
    memory_usage: []
  }
}
