import { relative } from 'node:path'
import type { Artifact, ArtifactFinder } from '../artifact.ts'
import type { Precision } from '../calibration-table.ts'
import { ModelFileError } from '../errors.ts'
import { kindOf } from '../kinds/kinds.ts'
import { listOf } from '../names.ts'
import { CHECKPOINTS, findModels, NO_FILES, type IgnoredFile } from './model-files.ts'
import { configWithout, readConfig } from './read-config.ts'

/** The names of a folder's models, and the files that belong to none. */
export interface ModelsList {
  /** In alphabetical order. */
  readonly names: readonly string[]
  readonly ignored: readonly IgnoredFile[]
}

/**
 * A folder of models. A model is a config and a checkpoint of the same name, `my.yml` and `my.ckpt`; or one of each in a subfolder,
 * whatever they are called; or a lone `.onnx` file; or a lone checkpoint called like a published model. With `my.calibration.json`, which
 * nanodet quantize writes, it can run in int8.
 */
export class ModelsDir implements ArtifactFinder {
  readonly path: string
  readonly #precision: Precision

  /** @param precision to run the models in */
  constructor (path: string, precision: Precision = 'fp32') {
    this.path = path
    this.#precision = precision
  }

  /** @throws ModelFileError if the folder can't be read */
  async list (): Promise<ModelsList> {
    const { models, ignored } = await findModels(this.path)
    return { names: [...models.keys()].sort(), ignored }
  }

  /** @throws ModelFileError if the folder can't be read */
  async names (): Promise<string[]> { return [...(await this.list()).names] }

  /** @throws ModelFileError naming the file that is missing or can't be used */
  async find (name: string): Promise<Artifact> {
    const { configs, checkpoints, calibration, problem } = (await findModels(this.path, name)).models.get(name) ?? NO_FILES
    if (problem !== undefined) throw new ModelFileError(name, problem)
    const config = this.#only(configs, name, 'config')
    const checkpoint = this.#only(checkpoints, name, 'checkpoint')
    if (checkpoint === undefined) throw new ModelFileError(name, `it has no checkpoint: add ${name}${listOf(CHECKPOINTS)}`)
    const read = config === undefined ? configWithout(checkpoint, name) : readConfig(config, name)
    const source: Artifact = { name, checkpoint, ...await read }
    if (!kindOf(source).takesCalibration) return source
    const isAmbiguous = calibration.length > 1 && this.#precision === 'fp32' // which matters only in int8
    return { ...source, calibration: isAmbiguous ? undefined : this.#only(calibration, name, 'calibration table'), precision: this.#precision }
  }

  #only (files: readonly string[], name: string, what: string): string | undefined {
    if (files.length < 2) return files[0]
    const paths = files.map(file => relative(this.path, file))
    throw new ModelFileError(name, `it has more than one ${what}: ${paths.join(', ')}. Keep one, or give each model a folder`)
  }
}
