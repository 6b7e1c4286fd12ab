import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadCheckpoint, loadClassifierCheckpoint } from './load-checkpoint.ts'
import { toShared } from './checkpoints/state-dict.ts'
import type { AnyConfig, OpaqueConfig } from './config.ts'
import { ModelFileError } from './errors.ts'
import { fileProblem } from './file-problem.ts'
import type { Model } from './model.ts'
import { buildOpaque } from './opaque.ts'
import { builtInRanges, readRanges, type Precision } from './ranges-file.ts'
import { REGISTRY } from './registry.ts'
import { weightsFile } from './weights.ts'

/** Where a model comes from. */
export type Artifact = AnyConfig & {
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

/**
 * Reads a model's weights, into memory that threads share, or its graph.
 * @throws ModelFileError naming the file, and what is wrong with it
 */
export async function readModel<S extends Artifact> (source: S): Promise<Extract<Model, { kind: S['kind'] }>> {
  try {
    return await read(source) as Extract<Model, { kind: S['kind'] }>
  } catch (error) {
    if (error instanceof ModelFileError) throw error
    throw new ModelFileError(basename(source.checkpoint), fileProblem(error), { cause: error })
  }
}

async function read ({ checkpoint, ...source }: Artifact): Promise<Model> {
  switch (source.kind) {
    case 'detector': return {
      kind: 'detector',
      config: source.config,
      stateDict: toShared(await loadCheckpoint(checkpoint, source.config)),
      ...(source.ranges !== undefined && { ranges: await readRanges(source.ranges) })
    }
    case 'classifier':
      return { kind: 'classifier', config: source.config, stateDict: toShared(await loadClassifierCheckpoint(checkpoint, source.config)) }
    case 'opaque': return await readOpaque(checkpoint, source.config)
  }
}

/** A graph that can be built, at least. Its layers only the runtime can tell: they are left for whoever has one. */
async function readOpaque (checkpoint: string, config: OpaqueConfig): Promise<Model> {
  const onnx = await readFile(checkpoint)
  buildOpaque(onnx, config)
  return { kind: 'opaque', config, onnx, layers: [] }
}
