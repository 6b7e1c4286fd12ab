import { fileURLToPath } from 'node:url'
import type { ConfigOfKind } from './config.ts'
import { builtInRanges, type Precision } from './ranges-file.ts'
import { REGISTRY } from './registry.ts'
import { weightsFile } from './weights.ts'

/** Where a model comes from. */
export type Artifact = ConfigOfKind & {
  readonly name: string
  /** The file with the weights, or with the graph and the weights. */
  readonly checkpoint: string
  /** The file with the ranges to run a detector of our layers in int8 with; without one it is float. */
  readonly ranges?: string | undefined
  /** Keys of the config file that say nothing to us. */
  readonly ignored?: readonly string[]
}

/** What a model is computed in. */
export const precisionOf = (source: Artifact | undefined): Precision => source?.ranges === undefined ? 'fp32' : 'int8'

/** Where models are looked for by name, again and again: their files may change. */
export interface ArtifactFinder {
  names (): Promise<string[]>
  /** @throws ModelFileError saying what is missing or can't be used */
  find (name: string): Promise<Artifact>
}

/** The models that the build has made weights for; in int8 those of them that have ranges. */
export function builtInArtifacts (precision: Precision = 'fp32'): Array<Artifact & { readonly kind: 'detector' }> {
  return [...REGISTRY.values()].filter(({ weights }) => weights).map(config => ({
    kind: 'detector',
    name: config.name,
    config,
    checkpoint: fileURLToPath(weightsFile(config)),
    ...(precision === 'int8' && { ranges: builtInRanges(config) })
  }))
}
