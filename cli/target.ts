/** Which model a command works on: built in, of the registry with a checkpoint, or the user's. */
import { existsSync } from 'node:fs'
import { basename, dirname, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtInArtifacts, type Artifact } from '../models/artifact.ts'
import { builtInCalibration, PRECISIONS, type Precision } from '../models/calibration-table.ts'
import { ModelFileError } from '../models/errors.ts'
import { ModelsDir, readDescription } from '../models/files/models-dir.ts'
import { nearest } from '../models/nearest.ts'
import { REGISTRY } from '../models/registry.ts'
import { weightsFile } from '../models/weights.ts'
import { CommandError, UsageError } from './errors.ts'
import { choice, text } from './options.ts'

export const DEFAULT_MODEL = 'nanodet-m-416'
const MAX_EDITS = 4

/** Options of every command that takes a model. */
export const MODEL_OPTIONS = {
  model: text('MODEL', 'Name of a model (nanodet models list), or path of its config or .onnx file').optional(),
  weights: text('FILE', 'Checkpoint (.ckpt, .pth, .pt, .safetensors or a NanoDet .onnx) to use with the model').optional(),
  modelsDir: text('DIR', 'Folder with your models; by default MODELS_DIR').optional()
} as const

/** Also for commands that run the network. */
export const PRECISION_OPTION = {
  precision: choice(PRECISIONS, 'Precision of the network; int8 needs a calibration table').default('fp32')
} as const

/** What the model options say. */
export interface Target {
  readonly model?: string | undefined
  readonly weights?: string | undefined
  readonly modelsDir?: string | undefined
  readonly precision?: Precision
}

/**
 * The files and the config of the model that the options name.
 * @throws UsageError if the model is unknown or has no weights; CommandError if its files can't be used
 */
export async function findArtifact (target: Target): Promise<Artifact> {
  try {
    return await find({ modelsDir: process.env['MODELS_DIR'] || undefined, ...withoutUndefined(target) })
  } catch (error) {
    if (error instanceof ModelFileError) throw new CommandError(error.message, { cause: error })
    throw error
  }
}

const withoutUndefined = (target: Target): Target =>
  Object.fromEntries(Object.entries(target).filter(([, value]) => value !== undefined))

async function find ({ model, weights, modelsDir, precision = 'fp32' }: Target): Promise<Artifact> {
  if (model !== undefined && isPath(model)) return await fromPath(model, weights, precision)
  const name = model ?? DEFAULT_MODEL
  if (modelsDir !== undefined) {
    const folder = new ModelsDir(modelsDir, precision)
    if ((await folder.names()).includes(name)) return withWeights(await folder.find(name), weights)
  }
  return await fromRegistry(name, weights, modelsDir, precision)
}

const isPath = (model: string): boolean => /[\\/]|\.(ya?ml|json|onnx)$/i.test(model)

/** A config file with its checkpoint beside it or given as `weights`; or an .onnx file alone. */
async function fromPath (path: string, weights: string | undefined, precision: Precision): Promise<Artifact> {
  if (!existsSync(path)) throw new CommandError(`${path}: no such file or directory`)
  const name = basename(path, extname(path))
  if (weights === undefined) return await new ModelsDir(dirname(path), precision).find(name)
  return { name, checkpoint: weights, ...await readDescription(name, path, weights) }
}

async function fromRegistry (
  name: string, weights: string | undefined, modelsDir: string | undefined, precision: Precision
): Promise<Artifact> {
  const config = REGISTRY.get(name)
  if (!config) throw await unknownModel(name, modelsDir)
  const calibration = precision === 'int8' && weights === undefined ? builtInCalibration(config) : undefined
  if (precision === 'int8' && calibration === undefined) throw new UsageError(`--precision int8: ${weights ?? name} has no calibration table; nanodet quantize makes one`)
  return { kind: 'detector', name, config, checkpoint: weights ?? builtInWeights(name), ...(calibration !== undefined && { calibration }) }
}

function builtInWeights (name: string): string {
  const config = REGISTRY.get(name)!
  if (!config.weights) throw new UsageError(`${name} has no built-in weights: give a checkpoint with --weights, or fetch the authors' with nanodet models pull ${name}`)
  return fileURLToPath(weightsFile(config))
}

const withWeights = (artifact: Artifact, weights: string | undefined): Artifact =>
  weights === undefined ? artifact : { ...artifact, checkpoint: weights }

async function unknownModel (name: string, modelsDir: string | undefined): Promise<UsageError> {
  const own = modelsDir === undefined ? [] : await new ModelsDir(modelsDir).names()
  const known = [...builtInArtifacts().map(({ name }) => name), ...own, ...REGISTRY.keys()]
  const [near] = nearest(name, known, { count: 1, maxEdits: MAX_EDITS })
  return new UsageError(`--model: unknown model ${name}; ${near === undefined ? '' : `did you mean ${near}? `}nanodet models list shows all`)
}
