import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ModelFileError } from '../models/errors.ts'
import type { Artifact } from '../models/artifact.ts'
import { readModel } from '../models/kinds/kinds.ts'
import type { Model } from '../models/model.ts'
import { REGISTRY } from '../models/registry.ts'
import { weightsFile } from '../models/weights.ts'
import { CommandError } from './errors.ts'

/** A model's weights or graph, in this process. @throws CommandError naming the file that can't be used */
export async function readArtifact<A extends Artifact> (artifact: A): Promise<Extract<Model, { kind: A['kind'] }>> {
  try {
    return await readModel(artifact)
  } catch (error) {
    throw error instanceof ModelFileError ? new CommandError(modelProblem(artifact, error.message), { cause: error }) : error
  }
}

/** The problem with a model's files. If a checkpoint was given for a model of the registry, it names that model. */
export function modelProblem ({ name, checkpoint }: Artifact, problem: string): string {
  const config = REGISTRY.get(name)
  const isGiven = config !== undefined && existsSync(checkpoint) && checkpoint !== fileURLToPath(weightsFile(config))
  return isGiven ? `${problem}; read as ${name}: name its model with --model` : problem
}
