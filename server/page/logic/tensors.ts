import type { FeatureMap } from '../../../engine/features/array.ts'
import { readSafetensors } from '../../../models/checkpoints/safetensors.ts'

/**
 * The layers of a reply of POST /features?format=safetensors, in the order of `names`.
 * @throws CheckpointError if the file is damaged
 */
export function tensorsOf (file: Uint8Array, names: readonly string[]): Map<string, FeatureMap> {
  const { parameters } = readSafetensors(file)
  return new Map(names.flatMap(name => {
    const tensor = parameters.get(name)
    return tensor ? [[name, tensor]] : []
  }))
}
