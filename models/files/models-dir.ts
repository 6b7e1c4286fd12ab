import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { ModelFinder, ModelSource } from '../source.ts'
import type { OpaqueConfig } from '../config.ts'
import { guessOpaque } from '../opaque.ts'
import { ModelFileError } from './errors.ts'
import { fileProblem } from './file-problem.ts'
import { readOwnConfig, type OwnConfig } from './own-config.ts'
import { readUpstreamConfig } from './upstream-config.ts'

const CONFIGS = ['.yml', '.yaml', '.json']
const CHECKPOINTS = ['.ckpt', '.pth', '.pt', '.safetensors', '.onnx']

/** The files of one model. */
interface Files { readonly configs: readonly string[], readonly checkpoints: readonly string[] }

/**
 * A folder of models. Each is a config file and a checkpoint of the same name, `my.yml` and `my.ckpt`; or one of each in a folder of its
 * own, whatever the checkpoint is called; or an `.onnx` file alone. It is known by the name of its config, without the extension.
 */
export class ModelsDir implements ModelFinder {
  readonly path: string

  constructor (path: string) { this.path = path }

  /** The models that there are files for, in alphabetical order. @throws ModelFileError where the folder can't be read */
  async names (): Promise<string[]> { return [...(await this.#scan()).keys()].sort() }

  /** @throws ModelFileError naming the file that is missing, or can't be used */
  async find (name: string): Promise<ModelSource> {
    const { configs, checkpoints } = (await this.#scan()).get(name) ?? { configs: [], checkpoints: [] }
    const [config] = configs
    const [checkpoint] = checkpoints
    if (configs.length > 1) throw new ModelFileError(name, `which config is meant? There are ${configs.map(file => basename(file)).join(', ')}`)
    if (checkpoints.length > 1) throw new ModelFileError(name, `which checkpoint is meant? There are ${checkpoints.map(file => basename(file)).join(', ')}`)
    if (checkpoint === undefined) throw new ModelFileError(name, `there is no checkpoint for it: ${name}${CHECKPOINTS.join(', ')}`)
    return { name, checkpoint, ...await readConfig(name, config, checkpoint) }
  }

  async #scan (): Promise<Map<string, Files>> {
    const entries = await list(this.path)
    const models = bySameName(entries.filter(entry => !entry.isDirectory()).map(({ name }) => join(this.path, name)))
    for (const { name: folder } of entries.filter(entry => entry.isDirectory())) {
      const files = filesOf((await list(join(this.path, folder))).map(({ name }) => join(this.path, folder, name)))
      const [first] = [...files.configs, ...files.checkpoints]
      if (first !== undefined) models.set(stem(first), files)
    }
    return models
  }
}

async function list (folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'))
  } catch (error) {
    throw new ModelFileError(folder, fileProblem(error), { cause: error })
  }
}

const stem = (file: string): string => basename(file, extname(file))

const filesOf = (files: readonly string[]): Files => ({
  configs: files.filter(file => CONFIGS.includes(extname(file))),
  checkpoints: files.filter(file => CHECKPOINTS.includes(extname(file)))
})

function bySameName (files: readonly string[]): Map<string, Files> {
  const { configs, checkpoints } = filesOf(files)
  const names = [...configs, ...checkpoints].map(stem)
  return new Map(names.map(name => [name, filesOf(files.filter(file => stem(file) === name))]))
}

/** What the config says, and which of its keys say nothing to us. */
async function readConfig (name: string, file: string | undefined, checkpoint: string): Promise<OwnConfig & { ignored?: string[] }> {
  if (file === undefined) return { kind: 'opaque', config: await guessConfig(name, checkpoint) }
  const text = await read(file)
  if (extname(file) === '.json') return readOwnConfig(text.toString(), name)
  return { kind: 'detector', ...readUpstreamConfig(text.toString(), name) }
}

async function guessConfig (name: string, checkpoint: string): Promise<OpaqueConfig> {
  if (extname(checkpoint) !== '.onnx') throw new ModelFileError(name, `there is no config for ${basename(checkpoint)}: ${name}${CONFIGS.join(', ')}`)
  return guessOpaque(await read(checkpoint), name)
}

async function read (file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new ModelFileError(basename(file), fileProblem(error), { cause: error })
  }
}
