/** Runs a model in worker processes during a command. */
import { Engine } from '../engine/engine.ts'
import { FeaturesError, ImageError, ModelLoadError, WorkerError } from '../engine/errors.ts'
import type { Lease } from '../engine/lease.ts'
import type { DetectOutput, Timed } from '../engine/results.ts'
import type { TaskName } from '../engine/tasks/catalog.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import type { Artifact } from '../models/artifact.ts'
import { listOf } from '../models/names.ts'
import { CommandError, UsageError } from './errors.ts'
import { readInput } from './files.ts'
import { modelProblem } from './read-model.ts'

/** Maximum number of pixels of an image: ten times the server's default, since local files are trusted. */
export const MAX_PIXELS = 500_000_000

export interface RunOptions {
  /** Worker processes; each runs one photo at a time. */
  readonly workers: number
  /** Threads that share one run of a network. */
  readonly threads: number
}

/**
 * Leases a model for a task, and ends the processes when `use` is done.
 * @throws UsageError if the model does not support the task; CommandError if its files can't be used; what `use` throws
 */
export async function withModel<N extends TaskName, T> (
  artifact: Artifact, task: N, options: RunOptions, use: (lease: Lease<N>) => Promise<T>
): Promise<T> {
  const engine = new Engine({ ...options, artifacts: [artifact] })
  try {
    await engine.start().catch(cause => { throw loadError(artifact, cause) })
    const { info } = engine.models[0]!
    if (!info!.tasks.includes(task)) throw wrongTask(artifact.name, task, info!.tasks)
    return await use(await engine.acquire(artifact.name, task))
  } finally {
    await engine.close()
  }
}

/** A model that can't be loaded, in a line that names its files. */
export function loadError (artifact: Artifact, cause: Error): CommandError {
  const reason = cause instanceof ModelLoadError ? cause.reason : cause.message
  return new CommandError(modelProblem(artifact, reason), { cause })
}

/** A model that is not for a task. */
export function wrongTask (name: string, task: string, tasks: readonly string[]): UsageError {
  const commands = tasks.filter(task => task !== 'infer' && task !== 'profile').map(task => `nanodet ${task}`)
  return new UsageError(`--model: ${name} does not support ${task}; use ${listOf(commands)}`)
}

/** The objects in an image file, and the file's bytes. @throws CommandError naming the file */
export async function detectFile (
  lease: Lease<'detect'>, path: string, options: DecodeOptions
): Promise<Timed<DetectOutput> & { bytes: Buffer }> {
  const bytes = await readInput(path)
  return { bytes, ...await aboutFile(path, lease.run({ bytes, maxPixels: MAX_PIXELS, options })) }
}

/** The result of a task on a file. @throws CommandError naming the file if the file is at fault */
export async function aboutFile<T> (path: string, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    const isKnown = error instanceof ImageError || error instanceof WorkerError || error instanceof FeaturesError
    throw isKnown ? new CommandError(`${path}: ${error.message}`, { cause: error }) : error
  }
}
