import type { Description } from '../../models/kinds/kind.ts'
import type { Model } from '../../models/model.ts'
import type { StepTimes } from '../results.ts'

export interface BuildOptions {
  /** Threads that share one run of a network. */
  readonly threads: number
}

/** What every task's result tells. */
export interface TaskOutput { readonly times: StepTimes }

/**
 * Something that workers do with a model. `Prepared`, inputs and outputs are plain data: they go from process to process. An output may
 * have a `body` of Chunks, which goes piece by piece.
 */
export interface Task<Prepared, Built, Input, Output extends TaskOutput> {
  readonly name: string
  /** Whether a model can do it. */
  supports (model: Description): boolean
  /** In the loader process: what a worker needs of a model. */
  prepare (model: Model): Promise<Prepared>
  /** In a worker: makes it ready to run at full speed. @throws where the network can't be built */
  build (prepared: Prepared, options: BuildOptions): Promise<Built>
  run (built: Built, input: Input): Promise<Output>
  release (built: Built): Promise<void>
}
