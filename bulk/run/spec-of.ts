import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { DecodeOptions } from '../../head/decode/decode.ts'
import { precisionOf, type Artifact } from '../../models/artifact.ts'
import { ModelFileError } from '../../models/errors.ts'
import { fileProblem } from '../../models/file-problem.ts'
import type { RunSpec } from '../run-spec.ts'

/** Files to write for each image besides its line. */
export type ImageFiles = Pick<RunSpec, 'draw' | 'crop' | 'features'>

/** What the results of a model with these options depend on. @throws ModelFileError if a file of the model can't be read */
export async function specOf (artifact: Artifact, options: DecodeOptions, files: ImageFiles): Promise<RunSpec> {
  const { scoreThreshold, iouThreshold, maxDetections, classes } = options
  const sorted = classes && [...new Set(classes)].sort((a, b) => a - b)
  return {
    model: artifact.name,
    weights: await weightsHash(artifact),
    precision: precisionOf(artifact),
    scoreThreshold,
    iouThreshold,
    maxDetections,
    ...(sorted && { classes: sorted }),
    draw: files.draw,
    crop: files.crop,
    features: files.features
  }
}

/** The same on every machine: of the config and the files' bytes, not of their paths. */
async function weightsHash (artifact: Artifact): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(artifact.config))
  const files = [artifact.checkpoint, ...precisionOf(artifact) === 'int8' ? [artifact.calibration!] : []]
  for (const file of files) {
    await pipeline(createReadStream(file), async bytes => { for await (const chunk of bytes) hash.update(chunk) })
      .catch(cause => { throw new ModelFileError(artifact.name, `${file}: ${fileProblem(cause)}`, { cause }) })
  }
  return hash.digest('hex')
}
