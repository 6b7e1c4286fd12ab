/** The model whose weights the build makes. */
import { builtInArtifacts } from '../../models/artifact.ts'
import { REGISTRY } from '../../models/registry.ts'

export const MODEL = REGISTRY.get('nanodet-m-416')!
export const ARTIFACT = builtInArtifacts()[0]!
