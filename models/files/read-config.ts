import { basename, extname } from 'node:path'
import type { ConfigOfKind } from '../config.ts'
import { ModelFileError } from '../errors.ts'
import { fileProblem } from '../file-problem.ts'
import { readOnnxFile } from '../onnx-file.ts'
import { guessOpaque, type Guess } from '../opaque/guess.ts'
import { readRegularFile } from '../read-regular-file.ts'
import { REGISTRY } from '../registry.ts'
import { registryName } from '../registry-name.ts'
import { decodeText } from './decode-text.ts'
import { stem } from './model-files.ts'
import { readOwnConfig } from './own-config.ts'
import { readUpstreamConfig } from './upstream-config.ts'

/** Bytes of a config: far more than one with 10,000 labels has. */
const MAX_BYTES = 2 ** 20

/** A config, the keys of its file that have no effect, and what was guessed. */
export type ReadConfig = ConfigOfKind & { readonly ignored?: readonly string[], readonly notes?: readonly string[] }

/** Reads a config file. @param name what to call the model @throws ModelFileError naming the key that can't be used */
export async function readConfig (file: string, name: string): Promise<ReadConfig> {
  const text = decodeText(await read(file), basename(file))
  if (extname(file).toLowerCase() === '.json') return readOwnConfig(text, name)
  return { kind: 'detector', ...readUpstreamConfig(text, name) }
}

/**
 * The config of a model that has none: an ONNX file describes itself, and a checkpoint may be called like a published model.
 * @throws ModelFileError if it is neither
 */
export async function configWithout (checkpoint: string, name: string): Promise<ReadConfig> {
  if (extname(checkpoint).toLowerCase() === '.onnx') return await guess(checkpoint, name)
  const known = registryName(stem(checkpoint))
  if (known !== undefined) return published(known, name)
  throw new ModelFileError(name, `${basename(checkpoint)} has no config: add NanoDet's as ${name}.yml, or a description as ${name}.json`)
}

function published (known: string, name: string): ReadConfig {
  const { published, weights, ...config } = REGISTRY.get(known)!
  return { kind: 'detector', config: { ...config, name }, notes: [`Guessed from the file's name: the architecture of ${known}.`] }
}

async function guess (file: string, name: string): Promise<Guess> {
  try {
    return guessOpaque(await readOnnxFile(file), name)
  } catch (error) {
    throw error instanceof ModelFileError ? error : new ModelFileError(basename(file), fileProblem(error), { cause: error })
  }
}

async function read (file: string): Promise<Buffer> {
  try {
    return await readRegularFile(file, MAX_BYTES)
  } catch (error) {
    throw new ModelFileError(basename(file), fileProblem(error), { cause: error })
  }
}
