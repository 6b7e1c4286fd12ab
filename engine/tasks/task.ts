import type { Description } from '../../models/kinds/kind.ts'
import type { Model } from '../../models/model.ts'
import type { Running, StepTimes } from '../results.ts'
import type { RunNetwork } from './batch.ts'

export interface BuildOptions {
  /** Threads that share one run of a network. */
  readonly threads: number
  /** Execution providers, in order of preference; by default the CPU's. */
  readonly providers?: readonly string[] | undefined
  /** Maximum number of photos in one run of a network, 1 by default. */
  readonly maxBatch?: number | undefined
}

/** What workers run models on: decides which networks they need. */
export type PrepareOptions = Pick<BuildOptions, 'providers' | 'maxBatch'>

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
  prepare (model: Model, options?: PrepareOptions): Promise<Prepared>
  /** Runs in a worker: builds the model and warms it up. @throws if the network can't be built */
  build (prepared: Prepared, options: BuildOptions): Promise<Built>
  /** @param run runs the network, possibly together with other jobs'; by default by itself */
  run (built: Built, input: Input, run?: RunNetwork): Promise<Output>
  /** How the model is run; left out by tasks that always use the CPU. */
  running? (built: Built): Running
  release (built: Built): Promise<void>
}
