import { objectiveOf } from './objectives/of-spec.ts'
import { Layout } from './layout.ts'
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

/** Node with the runtime and the image libraries, before a network is loaded. */
const PROCESS_BYTES = 110 * 2 ** 20
/** What the runtime's memory needs beyond the tensors that live at a time: it does not fit them without gaps. */
const ARENA_FACTOR = 1.3
/** Copies of all values: parameters, average, best, two of the optimizer, gradients of each micro-batch, the state file. */
const COPIES = 12

/** The memory of a run, from the sizes of its tensors. @throws GradientError if the network can't be trained */
export function estimateMemory (spec: TrainingSpec, { workers, batch }: TrainingSettings): MemoryEstimate {
  const { step, assignment, evaluation } = objectiveOf(spec)
  const values = new Layout(step).size * Float32Array.BYTES_PER_ELEMENT
  const forward = (assignment?.peakBytes ?? 0) + (spec.validation.length > 0 ? evaluation.peakBytes : 0)
  const worker = PROCESS_BYTES + PHOTO_CACHE_BYTES + ARENA_FACTOR * (step.peakBytes + forward) + 4 * values
  const main = PROCESS_BYTES / 2 + (COPIES + batch / spec.microBatch) * values
  return { main, worker, total: main + workers * worker }
}
