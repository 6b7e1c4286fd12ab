import type { Artifact } from '../../models/artifact.ts'
import type { Precision } from '../../models/calibration-table.ts'

/** Where the loader finds a model's files, each time that it reads them: they may change. */
export type Origin =
  | { readonly artifact: Artifact }
  | { readonly builtIn: string, readonly precision: Precision }
  | { readonly directory: string, readonly name: string, readonly precision: Precision }

/** Where to look for models. */
export interface Places {
  /** Include the models that the build makes weights for. */
  readonly builtIn: boolean
  /** A folder of models (models/files/models-dir.ts). */
  readonly directory?: string | undefined
  readonly precision: Precision
}
