/** Where a trained model goes, and what may be in the way. */
import { existsSync, mkdtempSync, readdirSync, rmdirSync, statfsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { fileProblem } from '../../models/file-problem.ts'
import { CHECKPOINTS, CONFIGS, stem } from '../../models/files/model-files.ts'
import { REGISTRY } from '../../models/registry.ts'
import { CommandError, UsageError } from '../errors.ts'
import { exclusively } from '../exclusively.ts'
import { fileError } from '../files.ts'

const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.+-]*$/u
/** Upstream's name of each run's config, which names no model. */
const TRAINING_CONFIG = 'train_cfg'
/** File systems allow 255 bytes, of which endings and dots take some. */
const MAX_NAME_BYTES = 200
const SHOWN = 40
const MEGABYTE = 1e6

/** The files of a model in a folder of models. Files whose names begin with a dot are none of a model's. */
export interface OutputFiles {
  readonly folder: string
  readonly name: string
  readonly weights: string
  readonly config: string
  /** The state of an unfinished run. */
  readonly state: string
}

/** What a run may find there, and where its report goes. */
interface Intent { readonly resume: boolean, readonly force: boolean, readonly report?: string | undefined }

/**
 * The files that `--out DIR/NAME` means.
 * @throws UsageError if NAME can't name a model
 */
export function outputFiles (out: string): OutputFiles {
  const [folder, name] = [dirname(out), basename(out)]
  const problem = /[\\/]$/.test(out) ? `expected DIR/NAME, found ${out}` : nameProblem(name)
  if (problem !== undefined) throw new UsageError(`--out: ${problem}`)
  const path = (ending: string): string => join(folder, `${name}${ending}`)
  return { folder, name, weights: path('.safetensors'), config: path('.json'), state: join(folder, `.${name}.training`) }
}

function nameProblem (name: string): string | undefined {
  if ([...CHECKPOINTS, ...CONFIGS].includes(extname(name).toLowerCase())) {
    return `expected DIR/NAME without an ending, found ${name}`
  }
  if (!NAME.test(name)) return `${name} can't name a model: use letters, digits, dots, dashes and underscores, not a dot first`
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `expected a name of at most ${MAX_NAME_BYTES} bytes, found ${name.slice(0, SHOWN)}…`
  if (name === TRAINING_CONFIG || /\.calibration$/.test(name)) return `${name} can't name a model: such files are not models`
  return REGISTRY.has(name) ? `${name} is the name of a published model` : undefined
}

/**
 * Checks that the files can be written.
 * @throws UsageError if a model or an unfinished run is there, and `intent` is not to replace or resume it; CommandError if it can't be
 * written
 */
export function checkOutput (files: OutputFiles, { resume, force, report }: Intent): void {
  checkFolder(files.folder)
  if (report !== undefined) checkReport(report)
  const hasState = existsSync(files.state)
  if (resume && !hasState) throw new UsageError(`--resume: no unfinished run of ${files.name} in ${files.folder}`)
  if (hasState && !resume && !force) {
    throw new UsageError(`--out: an unfinished run of ${files.name} is there: --resume continues it, --force starts again`)
  }
  const others = filesOf(files)
  const inTheWay = others.filter(name => ![basename(files.weights), basename(files.config), calibrationOf(files)].includes(name))
  if (inTheWay.length > 0) throw new CommandError(`${join(files.folder, inTheWay[0]!)}: belongs to another model ${files.name}: move it away`)
  if (others.length > 0 && !resume && !force) throw new UsageError(`--out: ${join(files.folder, others[0]!)} is there: --force replaces the model`)
}

/** Runs `work` unless another process trains a model of that name there. @throws CommandError if one does */
export async function alone<T> ({ folder, name }: OutputFiles, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true }).catch(error => { throw fileError(folder, error) })
  return await exclusively(join(folder, `.${name}.training.held`), 0, 'nanodet train', work)
}

/** The calibration table of a model of that name: one that is replaced makes it invalid. */
export const calibrationOf = ({ name }: OutputFiles): string => `${name}.calibration.json`

/** The names of files that would be part of the model. */
function filesOf ({ folder, name }: OutputFiles): string[] {
  if (!existsSync(folder)) return []
  const isPart = (file: string): boolean => [...CHECKPOINTS, ...CONFIGS].includes(extname(file).toLowerCase())
  return readdirSync(folder).filter(file => stem(file) === name && isPart(file))
}

/** The folder, or the nearest one above that exists. */
const existing = (folder: string): string => existsSync(folder) ? folder : existing(dirname(folder))

/** @throws CommandError if files can't be made there */
function checkFolder (folder: string): void {
  const place = existing(folder)
  if (!statSync(place).isDirectory()) throw new CommandError(`${place}: is a file, not a directory`)
  try {
    rmdirSync(mkdtempSync(join(place, '.nanodet-'))) // permissions alone don't tell: disks may be read-only
  } catch (cause) {
    throw new CommandError(`${place}: can't write there: ${fileProblem(cause)}`, { cause })
  }
}

/** @throws CommandError if the report can't be written, which a run would notice at its end */
function checkReport (path: string): void {
  checkFolder(dirname(path))
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new CommandError(`${path}: is a directory, not a file`)
}

/** @throws CommandError if the folder's disk has less space than `bytes` */
export function checkSpace ({ folder }: OutputFiles, bytes: number): void {
  const { bavail, bsize } = statfsSync(existing(folder))
  const free = bavail * bsize
  if (free >= bytes) return
  const [needed, left] = [bytes, free].map(count => Math.ceil(count / MEGABYTE))
  throw new CommandError(`${folder}: training needs ${needed} MB there, ${left} MB are free`)
}
