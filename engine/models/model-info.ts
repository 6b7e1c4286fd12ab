import type { Description } from '../../models/kinds/kind.ts'
import type { LayerInfo } from '../../models/layers.ts'
import type { Precision } from '../../models/calibration-table.ts'
import type { Chunks } from '../results.ts'
import type { TaskName } from '../tasks/catalog.ts'

/** What the main process knows of a model, as plain data from the loader. */
export interface ModelInfo extends Description {
  readonly tasks: readonly TaskName[]
  readonly precision: Precision
  /** Keys of the config file that the server does not use. */
  readonly ignoredKeys?: readonly string[]
  /** What was guessed or assumed about the model, in sentences. */
  readonly notes?: readonly string[]
}

/** What it knows once the model has been read. */
export interface LoadedInfo extends ModelInfo {
  /** The values that can be fetched, in the order of the forward pass. Empty for classifiers. */
  readonly layers: readonly LayerInfo[]
}

/** What the loader makes of a model's files: what each task prepared, serialized. */
export interface Loaded { readonly info: LoadedInfo, readonly parts: ReadonlyMap<TaskName, Chunks> }
