import type { Description } from '../../models/kinds/kind.ts'
import type { LayerInfo } from '../../models/layers.ts'
import type { Precision } from '../../models/calibration-table.ts'
import type { Chunks } from '../results.ts'
import type { TaskName } from '../tasks/catalog.ts'

/** A model as the main process knows it: plain data from the loader. */
export interface ModelInfo extends Description {
  readonly tasks: readonly TaskName[]
  readonly precision: Precision
  /** Precisions that requests can choose from. */
  readonly precisions: readonly Precision[]
  /** Keys of the config file that the server does not use. */
  readonly ignoredKeys?: readonly string[]
  /** What was guessed or assumed about the model, in sentences. */
  readonly notes?: readonly string[]
}

/** A model that has been read. */
export interface LoadedInfo extends ModelInfo {
  /** The layers that can be fetched, in the order of the forward pass. Empty for classifiers. */
  readonly layers: readonly LayerInfo[]
}

/** A model as the loader prepares it for each task, serialized. */
export interface Loaded { readonly info: LoadedInfo, readonly parts: ReadonlyMap<TaskName, Chunks> }
