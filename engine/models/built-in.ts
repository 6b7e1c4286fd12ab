import { builtInArtifacts } from '../../models/artifact.ts'
import type { Precision } from '../../models/calibration-table.ts'
import type { Origin } from './origin.ts'

/** The models that the build makes weights for, by name. */
export const builtInOrigins = (precision: Precision): Readonly<Record<string, Origin>> =>
  Object.fromEntries(builtInArtifacts(precision).map(({ name }) => [name, { builtIn: name, precision }]))
