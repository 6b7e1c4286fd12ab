import { readFile } from 'node:fs/promises'
import { readSafetensors } from './checkpoints/safetensors.ts'
import { weightsOf } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'
import type { Weights } from '../nn/scope.ts'

/** Where the build puts the weights of a model of the registry (see convert.ts). */
export const weightsFile = ({ name }: ModelConfig): URL => new URL(`../weights/${name}.safetensors`, import.meta.url)

/** The weights that the build made ready. */
export async function loadWeights (config: ModelConfig): Promise<Weights> {
  return weightsOf(readSafetensors(await readFile(weightsFile(config))))
}
