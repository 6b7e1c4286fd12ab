import { Layout } from './layout.ts'
import { objectiveOf } from './objectives/of-spec.ts'
import type { TrainingSettings } from './settings.ts'
import type { TrainingSpec } from './spec.ts'

/** Decoded photos that each worker keeps. */
export const PHOTO_CACHE_BYTES = 64 * 2 ** 20

/** Bytes of resident memory that a run needs at most. */
export interface MemoryEstimate {
  /** The process that calls `train`. */
  readonly main: number
  /** Each worker process. */
  readonly worker: number
  readonly total: number
}

/** Node, the runtime, the image libraries and what JavaScript has not collected yet. */
const PROCESS_BYTES = 160e6
/** The runtime's memory beyond the tensors that live at a time, as measured. */
const STEP_FACTOR = 1.1
const FORWARD_FACTOR = 1.5
/** Arrays of all values: parameters, average, best, two of the optimizer, the initial ones, and a state file in the making. */
const COPIES = 12

/** The memory of a run, from the sizes of its tensors. @throws GradientError if the network can't be trained */
export function estimateMemory (spec: TrainingSpec, { workers, batch }: Pick<TrainingSettings, 'workers' | 'batch'>): MemoryEstimate {
  const { step, assignment, evaluation } = objectiveOf(spec)
  const values = new Layout(step).size * Float32Array.BYTES_PER_ELEMENT
  const forward = (assignment?.peakBytes ?? 0) + (spec.validation.length > 0 ? evaluation.peakBytes : 0)
  const worker = PROCESS_BYTES + PHOTO_CACHE_BYTES + STEP_FACTOR * step.peakBytes + FORWARD_FACTOR * forward
  const main = PROCESS_BYTES + (COPIES + batch / spec.microBatch) * values
  return { main, worker, total: main + workers * worker }
}
