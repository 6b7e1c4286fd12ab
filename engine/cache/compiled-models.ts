import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { builtInArtifacts, precisionOf, type Artifact } from '../../models/artifact.ts'
import { toLoaded } from '../models/loaded.ts'
import type { Loaded } from '../models/model-info.ts'
import type { Origin } from '../models/origin.ts'
import { readCompiled } from './compiled-file.ts'
import { cacheKey } from './key.ts'

/** Where the build puts compiled models (see fill.ts). */
export const COMPILED = fileURLToPath(new URL('../../compiled/', import.meta.url))

/** The file of a model in a precision. */
export const compiledFile = (artifact: Artifact, folder = COMPILED): string => `${folder}/${artifact.name}-${precisionOf(artifact)}.bin`

/**
 * Finds a built-in model as the build compiled it. undefined for other models, also of the same name, and if the file is missing or can't
 * be used.
 * @param onUnusable gets the reason why an existing file can't be used
 */
export async function findCompiled (origin: Origin, onUnusable?: (reason: string) => void, folder = COMPILED): Promise<Loaded | undefined> {
  const artifact = artifactOf(origin)
  if (!artifact || !existsSync(compiledFile(artifact, folder))) return undefined
  try {
    return toLoaded(await readCompiled(compiledFile(artifact, folder), cacheKey(artifact)))
  } catch (error) {
    onUnusable?.((error as Error).message)
    return undefined
  }
}

/** The models of a folder are not compiled by the build. */
function artifactOf (origin: Origin): Artifact | undefined {
  if ('artifact' in origin) return origin.artifact
  return 'builtIn' in origin ? builtInArtifacts(origin.precision).find(({ name }) => name === origin.builtIn) : undefined
}
