import { readFile } from 'node:fs/promises'
import type { Weights } from '../nn/scope.ts'
import { readSafetensors } from './checkpoints/safetensors.ts'
import { weightsOf, type StateDict } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'

/** Path of the built-in weights of a registry model (see convert.ts). */
export const weightsFile = ({ name }: ModelConfig): URL => new URL(`../weights/${name}.safetensors`, import.meta.url)

/** The built-in state dict. */
export async function loadStateDict (config: ModelConfig): Promise<StateDict> {
  return readSafetensors(await readFile(weightsFile(config)))
}

/** The built-in weights, for building a network. */
export async function loadWeights (config: ModelConfig): Promise<Weights> {
  return weightsOf(await loadStateDict(config))
}
