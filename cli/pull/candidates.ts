/** The models that nanodet models check is asked for. */
import { statSync } from 'node:fs'
import { basename, dirname, join, parse } from 'node:path'
import type { Artifact } from '../../models/artifact.ts'
import type { Precision } from '../../models/calibration-table.ts'
import { ModelFileError } from '../../models/errors.ts'
import { ModelsDir } from '../../models/files/models-dir.ts'
import { CommandError } from '../errors.ts'
import { findArtifact, type Target } from '../target.ts'
import { readModelsLock, sha256Of, type LockEntry } from './models-lock.ts'

const CHECKPOINT = /\.(ckpt|pth|pt|safetensors)$/i

/** A model, or why there is none. */
export interface Candidate {
  readonly name: string
  readonly artifact?: Artifact
  readonly problem?: string
  /** Whether the file is the one that models.lock.json names; undefined without an entry. */
  readonly isLocked?: boolean
}

/**
 * The models of a folder, or one model: a name, or the path of a config or a checkpoint.
 * @throws UsageError, CommandError if the model or the folder can't be found
 */
export async function findCandidates (target: Target): Promise<Candidate[]> {
  const { model, modelsDir, weights, precision } = target
  const dir = folderOf(model) ?? (model === undefined && weights === undefined ? modelsDir : undefined)
  if (dir !== undefined) return await folderCandidates(dir, precision)
  if (model !== undefined && CHECKPOINT.test(model)) return [await inFolder(new ModelsDir(dirname(model), precision), parse(model).name)]
  const artifact = await findArtifact(target)
  return [await locked(artifact, (await readModelsLock(dirname(artifact.checkpoint))).get(artifact.name))]
}

const folderOf = (model: string | undefined): string | undefined =>
  model !== undefined && statSync(model, { throwIfNoEntry: false })?.isDirectory() ? model : undefined

async function folderCandidates (dir: string, precision: Precision | undefined): Promise<Candidate[]> {
  const folder = new ModelsDir(dir, precision)
  const names = await folder.names().catch(cause => { throw new CommandError(cause.message, { cause }) })
  const lock = await readModelsLock(dir)
  const all = [...new Set([...names, ...lock.keys()])].sort()
  return await Promise.all(all.map(name => names.includes(name) ? inFolder(folder, name) : missing(dir, name, lock.get(name)!)))
}

const missing = (dir: string, name: string, { file }: LockEntry): Candidate =>
  ({ name, problem: `${join(dir, file)} is missing; nanodet models pull ${name} downloads it again` })

async function inFolder (folder: ModelsDir, name: string): Promise<Candidate> {
  try {
    return await locked(await folder.find(name), (await readModelsLock(folder.path)).get(name))
  } catch (error) {
    if (error instanceof ModelFileError) return { name, problem: error.message }
    throw error
  }
}

async function locked (artifact: Artifact, entry: LockEntry | undefined): Promise<Candidate> {
  const { name, checkpoint } = artifact
  if (entry?.file !== basename(checkpoint)) return { name, artifact }
  const sha256 = await sha256Of(checkpoint)
  if (sha256 === entry.sha256) return { name, artifact, isLocked: true }
  const problem = `${checkpoint} has changed since it was pulled: SHA-256 ${sha256}, locked ${entry.sha256}; ` +
    `nanodet models pull ${name} --update replaces it`
  return { name, artifact, isLocked: false, problem }
}
