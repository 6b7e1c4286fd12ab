import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadCheckpoint } from './checkpoints/load-checkpoint.ts'
import { toShared } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'
import { ModelFileError } from './files/errors.ts'
import { fileProblem } from './files/file-problem.ts'
import type { Model } from './model.ts'
import { REGISTRY } from './registry.ts'
import { weightsFile } from './weights.ts'

/** Where a model comes from. */
export interface ModelSource {
  readonly name: string
  readonly config: ModelConfig
  /** The file with the weights. */
  readonly checkpoint: string
  /** Keys of the config file that say nothing to us. */
  readonly ignored?: readonly string[]
}

/** Where models are looked for by name, again and again: their files may change. */
export interface ModelFinder {
  names (): Promise<string[]>
  /** @throws ModelFileError saying what is missing or can't be used */
  find (name: string): Promise<ModelSource>
}

/** The models that the build has made weights for. */
export const builtInSources = (): ModelSource[] => [...REGISTRY.values()].filter(({ weights }) => weights)
  .map(config => ({ name: config.name, config, checkpoint: fileURLToPath(weightsFile(config)) }))

/**
 * Reads a model's weights, into memory that threads share.
 * @throws ModelFileError naming the file, and what is wrong with it
 */
export async function readModel ({ checkpoint, config }: ModelSource): Promise<Model> {
  try {
    return { kind: 'network', config, stateDict: toShared(await loadCheckpoint(checkpoint, config)) }
  } catch (error) {
    throw new ModelFileError(basename(checkpoint), fileProblem(error), { cause: error })
  }
}
