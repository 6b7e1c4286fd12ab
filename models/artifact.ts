import { fileURLToPath } from 'node:url'
import type { ConfigOfKind } from './config.ts'
import { builtInCalibration, type Precision } from './calibration-table.ts'
import { REGISTRY } from './registry.ts'
import { weightsFile } from './weights.ts'

/** A config with its files. */
export type Artifact = ConfigOfKind & {
  readonly name: string
  /** The file with the weights, or with the graph and its weights. */
  readonly checkpoint: string
  /** Calibration table for a detector of our layers, which then runs in int8. */
  readonly calibration?: string | undefined
  /** Keys of the config file that have no effect. */
  readonly ignored?: readonly string[]
  /** What was guessed or assumed about the model, in sentences. */
  readonly notes?: readonly string[]
}

/** A detector of any kind. */
export type DetectorArtifact = Extract<Artifact, { readonly kind: 'detector' | 'opaque' }>

/** The precision that a model runs in. */
export const precisionOf = (source: Artifact | undefined): Precision => source?.calibration === undefined ? 'fp32' : 'int8'

/** Finds models by name. Their files may change between calls. */
export interface ArtifactFinder {
  names (): Promise<string[]>
  /** @throws ModelFileError naming the file that is missing or can't be used */
  find (name: string): Promise<Artifact>
}

/** The models that the build makes weights for. For int8, those that have a calibration table get it. */
export function builtInArtifacts (precision: Precision = 'fp32'): Array<Artifact & { readonly kind: 'detector' }> {
  return [...REGISTRY.values()].filter(({ weights }) => weights).map(config => ({
    kind: 'detector',
    name: config.name,
    config,
    checkpoint: fileURLToPath(weightsFile(config)),
    ...(precision === 'int8' && { calibration: builtInCalibration(config) })
  }))
}
