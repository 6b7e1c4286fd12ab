import { fileURLToPath } from 'node:url'
import type { ConfigOfKind } from './config.ts'
import { builtInCalibration, type Precision } from './calibration-table.ts'
import { REGISTRY } from './registry.ts'
import { weightsFile } from './weights.ts'

/** Where a model comes from. */
export type Artifact = ConfigOfKind & {
  readonly name: string
  /** The file with the weights, or with the graph and the weights. */
  readonly checkpoint: string
  /** Calibration table to run a detector of our layers in int8; without it the model runs in float. */
  readonly calibration?: string | undefined
  /** Keys of the config file that say nothing to us. */
  readonly ignored?: readonly string[]
}

/** What a model is computed in. */
export const precisionOf = (source: Artifact | undefined): Precision => source?.calibration === undefined ? 'fp32' : 'int8'

/** Where models are looked for by name, again and again: their files may change. */
export interface ArtifactFinder {
  names (): Promise<string[]>
  /** @throws ModelFileError saying what is missing or can't be used */
  find (name: string): Promise<Artifact>
}

/** The models that the build has made weights for; with int8, those that have a calibration table run in it. */
export function builtInArtifacts (precision: Precision = 'fp32'): Array<Artifact & { readonly kind: 'detector' }> {
  return [...REGISTRY.values()].filter(({ weights }) => weights).map(config => ({
    kind: 'detector',
    name: config.name,
    config,
    checkpoint: fileURLToPath(weightsFile(config)),
    ...(precision === 'int8' && { calibration: builtInCalibration(config) })
  }))
}
