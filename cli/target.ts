/** Which model a command works on: built in, of the registry with a checkpoint, or the user's. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { builtInArtifacts, type Artifact } from '../models/artifact.ts'
import { builtInCalibration, PRECISIONS, type Precision } from '../models/calibration-table.ts'
import type { ConfigOfKind } from '../models/config.ts'
import { ModelFileError } from '../models/errors.ts'
import { CHECKPOINTS, CONFIGS } from '../models/files/model-files.ts'
import { ModelsDir } from '../models/files/models-dir.ts'
import { configWithout, readConfig } from '../models/files/read-config.ts'
import { REGISTRY } from '../models/registry.ts'
import { weightsFile } from '../models/weights.ts'
import { CommandError, UsageError } from './errors.ts'
import { choice, text } from './options.ts'
import { suggest } from './suggest.ts'

export const DEFAULT_MODEL = 'nanodet-m-416'

/** Options of every command that takes a model. */
export const MODEL_OPTIONS = {
  model: text('MODEL', 'Name of a model (nanodet models list), or path of its config or .onnx file; ' +
    `by default ${DEFAULT_MODEL}`).optional(),
  weights: text('FILE', 'Checkpoint of the model: .ckpt, .pth, .pt, .safetensors, or .onnx as NanoDet exports it')
    .optional(),
  modelsDir: text('DIR', 'Folder with your models; by default MODELS_DIR').optional()
} as const

/** Also for commands that run the network. */
export const PRECISION_OPTION = {
  precision: choice(PRECISIONS, 'Precision of the network; int8 needs a calibration table').default('fp32')
} as const

/** The values of the model options. */
export interface Target {
  readonly model?: string | undefined
  readonly weights?: string | undefined
  readonly modelsDir?: string | undefined
  readonly precision?: Precision | undefined
}

/** An artifact, and the config file that describes it; undefined if it has none, or if only `--models-dir` knows it. */
export interface FoundModel { readonly artifact: Artifact, readonly configFile?: string | undefined }

/**
 * The model that the options name.
 * @throws UsageError if it is unknown, or lacks weights or a calibration table; CommandError if its files can't be used
 */
export const findArtifact = async (target: Target): Promise<Artifact> => (await findModel(target)).artifact

/** Like `findArtifact`, with the config file. @throws like it */
export async function findModel (target: Target): Promise<FoundModel> {
  const found = await aboutModel(find(withModelsDir(target)))
  const { artifact } = found
  if (target.precision === 'int8' && artifact.calibration === undefined) throw noCalibration(artifact, target)
  return found
}

/** The config of the model that the options name, which needs no weights. @throws like findArtifact */
export async function findConfig (target: Target): Promise<ConfigOfKind> {
  const { model = DEFAULT_MODEL, modelsDir } = withModelsDir(target)
  if (isPath(model) && isConfigFile(model)) return await aboutModel(readConfig(existing(model), stemOf(model)))
  const config = REGISTRY.get(model)
  if (config && !await isIn(modelsDir, model)) return { kind: 'detector', config }
  return await findArtifact(target)
}

const withModelsDir = (target: Target): Target =>
  ({ ...target, modelsDir: target.modelsDir ?? (process.env['MODELS_DIR'] || undefined) })

async function aboutModel<T> (found: Promise<T>): Promise<T> {
  try {
    return await found
  } catch (error) {
    throw error instanceof ModelFileError ? new CommandError(error.message, { cause: error }) : error
  }
}

async function find ({ model, weights, modelsDir, precision = 'fp32' }: Target): Promise<FoundModel> {
  if (model !== undefined && isPath(model)) return await fromPath(existing(model), weights, precision)
  const name = model ?? DEFAULT_MODEL
  if (!await isIn(modelsDir, name)) return { artifact: await fromRegistry(name, weights, modelsDir, precision) }
  const artifact = await new ModelsDir(modelsDir!, precision).find(name)
  return { artifact: weights === undefined ? artifact : { ...artifact, checkpoint: weights } }
}

const isIn = async (modelsDir: string | undefined, name: string): Promise<boolean> =>
  modelsDir !== undefined && (await new ModelsDir(modelsDir).names()).includes(name)

/** Whether a model is given by path instead of by name. */
export const isPath = (model: string): boolean => /[\\/]|\.(ya?ml|json|onnx)$/i.test(model)
const isConfigFile = (path: string): boolean => /\.(ya?ml|json)$/i.test(path)
const stemOf = (path: string): string => basename(path, extname(path))

/** @throws CommandError */
function existing (path: string): string {
  const file = statSync(path, { throwIfNoEntry: false })
  if (file === undefined) throw new CommandError(`${path}: no such file or directory`)
  if (file.isDirectory()) {
    throw new UsageError(`--model: ${path} is a folder: name a model with --model and the folder with --models-dir`)
  }
  return path
}

/** A config file, with its checkpoint beside it or given as `weights`; or an .onnx file, with the config of its name, if any. */
async function fromPath (path: string, weights: string | undefined, precision: Precision): Promise<FoundModel> {
  const name = stemOf(path)
  const configFile = isConfigFile(path) ? path : configBeside(path)
  const checkpoint = isConfigFile(path) ? weights ?? checkpointBeside(path) : path
  const description = await (configFile === undefined ? configWithout(path, name) : readConfig(configFile, name))
  const calibration = description.kind === 'detector' ? calibrationBeside(path) : undefined
  const artifact = { name, checkpoint, ...description, precision, ...(calibration !== undefined && { calibration }) }
  return { artifact, configFile }
}

const configBeside = (path: string): string | undefined =>
  CONFIGS.map(ending => join(dirname(path), `${stemOf(path)}${ending}`)).find(file => existsSync(file))

/** The checkpoint of the config's name, or the only one in its folder. @throws UsageError */
function checkpointBeside (config: string): string {
  const folder = dirname(config)
  const all = readdirSync(folder).filter(name => CHECKPOINTS.includes(extname(name).toLowerCase()))
  const same = all.filter(name => stemOf(name) === stemOf(config))
  const [found, another] = same.length > 0 ? same : all
  if (found === undefined) throw new UsageError(`${config}: has no checkpoint beside it; give one with --weights`)
  if (another === undefined) return join(folder, found)
  throw new UsageError(`${config}: has several checkpoints beside it (${found}, ${another}); choose one with --weights`)
}

function calibrationBeside (config: string): string | undefined {
  const path = join(dirname(config), `${stemOf(config)}.calibration.json`)
  return statSync(path, { throwIfNoEntry: false }) && path
}

async function fromRegistry (
  name: string, weights: string | undefined, modelsDir: string | undefined, precision: Precision
): Promise<Artifact> {
  const config = REGISTRY.get(name)
  if (!config) throw await unknownModel(name, modelsDir)
  const calibration = weights === undefined ? builtInCalibration(config) : undefined
  const checkpoint = weights ?? builtInWeights(name)
  return { kind: 'detector', name, config, checkpoint, precision, ...(calibration !== undefined && { calibration }) }
}

function builtInWeights (name: string): string {
  const config = REGISTRY.get(name)!
  if (config.weights) return fileURLToPath(weightsFile(config))
  throw new UsageError(`${name} has no built-in weights: give a checkpoint with --weights, ` +
    `or fetch the authors' with nanodet models pull ${name}`)
}

async function unknownModel (name: string, modelsDir: string | undefined): Promise<UsageError> {
  const own = modelsDir === undefined ? [] : await new ModelsDir(modelsDir).names()
  const near = suggest(name, [...builtInArtifacts().map(({ name }) => name), ...own, ...REGISTRY.keys()])
  return new UsageError(`--model: unknown model ${name}${near || ';'} nanodet models list shows all`)
}

function noCalibration ({ name, kind }: Artifact, { weights }: Target): UsageError {
  const problem = kind === 'detector'
    ? `${weights ?? name} has no calibration table; nanodet quantize makes one`
    : `${name} runs in fp32 only; int8 is for NanoDet networks with a config`
  return new UsageError(`--precision int8: ${problem}`)
}
