/** Finds the files of models in a folder, and tells which belong together. */
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, extname, join, relative } from 'node:path'
import { groupBy } from '../../nn/group-by.ts'
import { ModelFileError } from '../errors.ts'
import { fileProblem } from '../file-problem.ts'
import { jsonProblem } from './json-problem.ts'

export const CONFIGS = ['.yml', '.yaml', '.json']
export const CHECKPOINTS = ['.ckpt', '.pth', '.pt', '.safetensors', '.onnx']
const CALIBRATION = '.calibration.json'
/** Written by nanodet models pull. */
export const LOCK_FILE = 'models.lock.json'
/** Upstream writes each training run's config under this name: it does not name a model. */
const TRAINING_CONFIG = 'train_cfg'
/** Data of ONNX files, as torch and onnx name it. */
const ONNX_DATA = /[._]data$/i
const ARCHIVE = /\.(zip|tar|tgz|gz|bz2|xz|zst|7z|rar)$/i
const OTHER_FORMAT = /\.(param|bin|mnn|xml|tflite|engine|trt|plan|pb|h5|keras|mlmodel|mlpackage|rknn|pkl|npz)$/i

/** The files of one model; `problem` if they can't be listed. */
export interface ModelFiles {
  readonly configs: readonly string[]
  readonly checkpoints: readonly string[]
  readonly calibration: readonly string[]
  readonly problem?: string
}

/** A file or folder that is not part of any model. */
export interface IgnoredFile {
  /** Relative to the folder of models. */
  readonly file: string
  readonly reason: string
}

export interface FoundModels {
  readonly models: ReadonlyMap<string, ModelFiles>
  readonly ignored: readonly IgnoredFile[]
}

export const NO_FILES: ModelFiles = { configs: [], checkpoints: [], calibration: [] }

/** Files of a folder, sorted by what they are. */
interface Sorted extends ModelFiles { readonly ignored: readonly IgnoredFile[] }

/** A model in a folder of its own. */
interface Folder { readonly name: string, readonly files: Sorted }

/**
 * Lists a folder's models. Files of one name form a model; so do the files of a subfolder, whatever their names. A subfolder that can't be
 * read counts as a model with a problem, so that it shows up and does not hide the others.
 * @param wanted if only this model is: other files are passed over, unless there are subfolders, which they help to name
 * @throws ModelFileError if the folder can't be read
 */
export async function findModels (path: string, wanted?: string): Promise<FoundModels> {
  const entries = await list(path)
  const folders = await Promise.all(entries.filter(entry => entry.isDirectory()).map(({ name }) => readFolder(path, name)))
  const isNeeded = ({ name }: Dirent): boolean => wanted === undefined || folders.length > 0 || stem(name) === wanted
  const own = await sort(path, entries.filter(entry => !entry.isDirectory() && isNeeded(entry)).map(({ name }) => join(path, name)))
  const models = new Map(Object.entries(byName(own)))
  const isModel = ({ files }: Folder): boolean => files.configs.length + files.checkpoints.length > 0 || files.problem !== undefined
  const names = namesOf(folders.filter(isModel), [...models.keys()])
  for (const [folder, name] of names) models.set(name, joined(models.get(name) ?? NO_FILES, folder.files))
  const empty = folders.filter(folder => !isModel(folder)).map(({ name }) => ({ file: `${name}/`, reason: 'has no config and no checkpoint' }))
  return { models, ignored: [...own.ignored, ...strays(own, path), ...[...names.keys()].flatMap(({ files }) => files.ignored), ...empty] }
}

async function list (folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.filter(({ name }) => !name.startsWith('.') && name !== LOCK_FILE).sort((a, b) => a.name < b.name ? -1 : 1)
  } catch (error) {
    throw new ModelFileError(folder, fileProblem(error), { cause: error })
  }
}

async function readFolder (root: string, name: string): Promise<Folder> {
  try {
    const entries = await list(join(root, name))
    const nested = entries.filter(entry => entry.isDirectory()).map(entry => ({ file: `${name}/${entry.name}/`, reason: 'is nested too deep' }))
    const files = await sort(root, entries.filter(entry => !entry.isDirectory()).map(entry => join(root, name, entry.name)))
    return { name, files: { ...files, ignored: [...files.ignored, ...nested] } }
  } catch (error) {
    return { name, files: { ...NO_FILES, ignored: [], problem: fileProblem((error as Error).cause) } }
  }
}

/** @param root the folder of models, which reported paths are relative to */
async function sort (root: string, files: readonly string[]): Promise<Sorted> {
  const checkpoints = files.filter(file => CHECKPOINTS.includes(extensionOf(file)))
  const stems = new Set(checkpoints.map(stem))
  const others = files.filter(file => !CHECKPOINTS.includes(extensionOf(file)) && !isCalibration(file) && !ONNX_DATA.test(file))
  const problems = await Promise.all(others.map(file => problemOf(file, stems.has(stem(file)))))
  return {
    configs: others.filter((_, i) => problems[i] === undefined),
    checkpoints,
    calibration: files.filter(isCalibration),
    ignored: others.flatMap((file, i) => problems[i] === undefined ? [] : [{ file: relative(root, file), reason: problems[i] }])
  }
}

/** Why a file is not a config; undefined if it is one. @param isNamed whether it is called like a checkpoint */
async function problemOf (file: string, isNamed: boolean): Promise<string | undefined> {
  if (ARCHIVE.test(file)) return 'is an archive: unpack it'
  if (OTHER_FORMAT.test(file)) return 'has an unsupported format: export the model to ONNX'
  const extension = extensionOf(file)
  if (!CONFIGS.includes(extension)) return 'is not a model file'
  return extension === '.json' ? await jsonProblem(file, isNamed) : undefined
}

const isCalibration = (file: string): boolean => file.endsWith(CALIBRATION)
const extensionOf = (file: string): string => extname(file).toLowerCase()
/** A file's name without its extension. */
export const stem = (file: string): string => basename(file, isCalibration(file) ? CALIBRATION : extname(file))

function byName ({ configs, checkpoints, calibration }: Sorted): Record<string, ModelFiles> {
  const [configsOf, checkpointsOf, calibrationOf] = [configs, checkpoints, calibration].map(files => groupBy(files, stem))
  return Object.fromEntries([...configsOf!.keys(), ...checkpointsOf!.keys()].map(name => [name, {
    configs: configsOf!.get(name) ?? [],
    checkpoints: checkpointsOf!.get(name) ?? [],
    calibration: calibrationOf!.get(name) ?? []
  }]))
}

/** A folder's model has the name of its config, or else of its checkpoint; the folder's name if another model would have the same. */
function namesOf (folders: readonly Folder[], taken: readonly string[]): Map<Folder, string> {
  const nameIn = ({ name, files: { configs, checkpoints } }: Folder): string => {
    const [first] = [...configs, ...checkpoints]
    return first === undefined || stem(first) === TRAINING_CONFIG ? name : stem(first)
  }
  const all = groupBy([...taken, ...folders.map(nameIn)], name => name)
  const isUnique = (name: string): boolean => all.get(name)!.length === 1
  return new Map(folders.map(folder => [folder, isUnique(nameIn(folder)) ? nameIn(folder) : folder.name]))
}

/** Calibration tables of no model. */
function strays ({ configs, checkpoints, calibration }: Sorted, root: string): IgnoredFile[] {
  const names = new Set([...configs, ...checkpoints].map(stem))
  return calibration.filter(file => !names.has(stem(file)))
    .map(file => ({ file: relative(root, file), reason: `is a calibration table, but no model is called ${stem(file)}` }))
}

const joined = (a: ModelFiles, { configs, checkpoints, calibration, problem }: ModelFiles): ModelFiles => ({
  configs: [...a.configs, ...configs],
  checkpoints: [...a.checkpoints, ...checkpoints],
  calibration: [...a.calibration, ...calibration],
  ...problem !== undefined && { problem }
})
