/** Build step: compiles the built-in models for this machine, in every precision. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { builtInArtifacts } from '../../models/artifact.ts'
import { PRECISIONS } from '../../models/calibration-table.ts'
import { prepareModel } from '../models/prepare.ts'
import { writeCompiled } from './compiled-file.ts'
import { COMPILED, compiledFile } from './compiled-models.ts'
import { cacheKey } from './key.ts'

/** Writes the files of all built-in models. */
export async function fill (folder = COMPILED): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const artifact of PRECISIONS.flatMap(builtInArtifacts)) {
    await writeCompiled(compiledFile(artifact, folder), cacheKey(artifact), await prepareModel(artifact))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await fill().catch((error: Error) => process.stderr.write(`The server will compile its models at each start: ${error.message}\n`))
}
