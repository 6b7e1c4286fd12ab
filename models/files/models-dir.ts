import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join, relative } from 'node:path'
import type { Precision } from '../calibration-table.ts'
import type { ArtifactFinder, Artifact } from '../artifact.ts'
import type { ConfigOfKind, OpaqueConfig } from '../config.ts'
import { kindOf } from '../kinds/kinds.ts'
import { guessOpaque } from '../opaque.ts'
import { ModelFileError } from '../errors.ts'
import { fileProblem } from '../file-problem.ts'
import { REGISTRY } from '../registry.ts'
import { readOwnConfig } from './own-config.ts'
import { readUpstreamConfig } from './upstream-config.ts'

const CONFIGS = ['.yml', '.yaml', '.json']
const CALIBRATION = '.calibration.json'
const CHECKPOINTS = ['.ckpt', '.pth', '.pt', '.safetensors', '.onnx']

/** The files of one model; `problem` where they can't be looked for. */
interface Files {
  readonly configs: readonly string[]
  readonly checkpoints: readonly string[]
  readonly calibration: readonly string[]
  readonly problem?: string
}

const NONE: Files = { configs: [], checkpoints: [], calibration: [] }

/**
 * A folder of models. Each is a config file and a checkpoint of the same name, `my.yml` and `my.ckpt`; or one of each in a folder of its
 * own, whatever the checkpoint is called; or an `.onnx` file alone. It is known by the name of its config, without the extension. With
 * `my.calibration.json`, which npm run quantize writes, it can run in int8.
 */
export class ModelsDir implements ArtifactFinder {
  readonly path: string
  readonly #precision: Precision

  /** @param precision what models shall be computed in, as far as they can be */
  constructor (path: string, precision: Precision = 'fp32') {
    this.path = path
    this.#precision = precision
  }

  /** The models that there are files for, in alphabetical order. @throws ModelFileError where the folder can't be read */
  async names (): Promise<string[]> { return [...(await this.#scan()).keys()].sort() }

  /** @throws ModelFileError naming the file that is missing, or can't be used */
  async find (name: string): Promise<Artifact> {
    const { configs, checkpoints, calibration, problem } = (await this.#scan()).get(name) ?? NONE
    if (problem !== undefined) throw new ModelFileError(name, problem)
    const config = this.#only(configs, name, 'config')
    const checkpoint = this.#only(checkpoints, name, 'checkpoint')
    if (checkpoint === undefined) throw new ModelFileError(name, `there is no checkpoint for it: ${name}${anyOf(CHECKPOINTS)}`)
    const source = { name, checkpoint, ...await readDescription(name, config, checkpoint) }
    return this.#precision === 'int8' && kindOf(source).takesCalibration ? { ...source, calibration: this.#only(calibration, name, 'calibration table') } : source
  }

  #only (files: readonly string[], name: string, what: string): string | undefined {
    if (files.length < 2) return files[0]
    throw new ModelFileError(name, `which ${what} is meant? There are ${files.map(file => relative(this.path, file)).join(', ')}`)
  }

  /** A folder that can't be read stands for a model of its own, so that it is told of, and does not hide the others. */
  async #scan (): Promise<Map<string, Files>> {
    const entries = await list(this.path)
    const models = bySameName(entries.filter(entry => !entry.isDirectory()).map(({ name }) => join(this.path, name)))
    for (const { name: folder } of entries.filter(entry => entry.isDirectory())) {
      const files = await this.#filesIn(folder)
      const [first] = [...files.configs, ...files.checkpoints]
      const name = first === undefined ? folder : stem(first)
      if (first !== undefined || files.problem !== undefined) models.set(name, joined(models.get(name) ?? NONE, files))
    }
    return models
  }

  async #filesIn (folder: string): Promise<Files> {
    try {
      return filesOf((await list(join(this.path, folder))).map(({ name }) => join(this.path, folder, name)))
    } catch (error) {
      return { ...NONE, problem: fileProblem((error as Error).cause) }
    }
  }
}

async function list (folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.') && name !== 'models.lock.json')
  } catch (error) {
    throw new ModelFileError(folder, fileProblem(error), { cause: error })
  }
}

const isCalibration = (file: string): boolean => file.endsWith(CALIBRATION)
const stem = (file: string): string => basename(file, isCalibration(file) ? CALIBRATION : extname(file))

const filesOf = (files: readonly string[]): Files => ({
  configs: files.filter(file => CONFIGS.includes(extname(file)) && !isCalibration(file)),
  checkpoints: files.filter(file => CHECKPOINTS.includes(extname(file))),
  calibration: files.filter(isCalibration)
})

const joined = (a: Files, b: Files): Files => ({
  ...a,
  ...b,
  configs: [...a.configs, ...b.configs],
  checkpoints: [...a.checkpoints, ...b.checkpoints],
  calibration: [...a.calibration, ...b.calibration]
})

/** `.yml, .yaml or .json` */
const anyOf = (extensions: readonly string[]): string => `${extensions.slice(0, -1).join(', ')} or ${extensions.at(-1)}`

function bySameName (files: readonly string[]): Map<string, Files> {
  const { configs, checkpoints } = filesOf(files)
  const names = [...configs, ...checkpoints].map(stem)
  return new Map(names.map(name => [name, filesOf(files.filter(file => stem(file) === name))]))
}

/** What the config says, and which of its keys say nothing to us. */
export async function readDescription (name: string, file: string | undefined, checkpoint: string): Promise<ConfigOfKind & { ignored?: string[] }> {
  const known = extname(checkpoint) === '.onnx' ? undefined : REGISTRY.get(name)
  if (file === undefined && known) return { kind: 'detector', config: known }
  if (file === undefined) return { kind: 'opaque', config: await guessConfig(name, checkpoint) }
  const text = await read(file)
  if (extname(file) === '.json') return readOwnConfig(text.toString(), name)
  return { kind: 'detector', ...readUpstreamConfig(text.toString(), name) }
}

async function guessConfig (name: string, checkpoint: string): Promise<OpaqueConfig> {
  if (extname(checkpoint) !== '.onnx') throw new ModelFileError(name, `there is no config for ${basename(checkpoint)}: ${name}${anyOf(CONFIGS)}`)
  const onnx = await read(checkpoint)
  try {
    return guessOpaque(onnx, name)
  } catch (error) {
    throw error instanceof ModelFileError ? error : new ModelFileError(basename(checkpoint), fileProblem(error), { cause: error })
  }
}

async function read (file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new ModelFileError(basename(file), fileProblem(error), { cause: error })
  }
}
