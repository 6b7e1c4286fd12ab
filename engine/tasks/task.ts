import type { Description } from '../../models/kinds/kind.ts'
import type { Model } from '../../models/model.ts'
import type { StepTimes } from '../results.ts'

export interface BuildOptions {
  /** Threads that share one run of a network. */
  readonly threads: number
}

/** Common part of every task's result. */
export interface TaskOutput { readonly times: StepTimes }

/**
 * An operation of workers with a model. `Prepared`, inputs and outputs are plain data, sent between processes. An output may
 * have a `body` of Chunks, which is sent piece by piece.
 */
export interface Task<Prepared, Built, Input, Output extends TaskOutput> {
  readonly name: string
  /** Whether a model supports it. */
  supports (model: Description): boolean
  /** Runs in the loader process: makes what a worker needs of a model. */
  prepare (model: Model): Promise<Prepared>
  /** Runs in a worker: builds the model and warms it up. @throws if the network can't be built */
  build (prepared: Prepared, options: BuildOptions): Promise<Built>
  run (built: Built, input: Input): Promise<Output>
  release (built: Built): Promise<void>
}
