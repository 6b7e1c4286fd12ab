import type { Artifact } from '../../models/artifact.ts'
import type { Precision } from '../../models/calibration-table.ts'

/** Where the loader finds a model's files, again and again: they may change. */
export type Origin =
  | { readonly artifact: Artifact }
  | { readonly builtIn: string, readonly precision: Precision }
  | { readonly directory: string, readonly name: string, readonly precision: Precision }

/** Where to look for models that are not given one by one. */
export interface Places {
  /** Serve the models whose weights the build has made. */
  readonly builtIn: boolean
  /** A folder of models: see models/files/models-dir.ts. */
  readonly directory?: string | undefined
  readonly precision: Precision
}
