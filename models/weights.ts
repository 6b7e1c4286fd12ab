import { readFile } from 'node:fs/promises'
import type { Weights } from '../nn/scope.ts'
import { readSafetensors } from './checkpoints/safetensors.ts'
import { weightsOf, type StateDict } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'

/** Where the build puts the weights of a model of the registry (see convert.ts). */
export const weightsFile = ({ name }: ModelConfig): URL => new URL(`../weights/${name}.safetensors`, import.meta.url)

/** The state dict that the build made ready. */
export async function loadStateDict (config: ModelConfig): Promise<StateDict> {
  return readSafetensors(await readFile(weightsFile(config)))
}

/** The same as weights for a network. */
export async function loadWeights (config: ModelConfig): Promise<Weights> {
  return weightsOf(await loadStateDict(config))
}
