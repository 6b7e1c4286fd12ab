import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Engine } from '../engine/engine.ts'
import { FeaturesError, ImageError, WorkerError } from '../engine/errors.ts'
import type { Lease } from '../engine/lease.ts'
import type { DetectOutput, Timed } from '../engine/results.ts'
import type { TaskName } from '../engine/tasks/catalog.ts'
import type { DecodeOptions } from '../head/decode/decode.ts'
import type { ModelConfig } from '../models/config.ts'
import { loadCheckpoint } from '../models/load-checkpoint.ts'
import type { StateDict } from '../models/checkpoints/state-dict.ts'
import { builtInCalibration, type Precision } from '../models/calibration-table.ts'
import { REGISTRY } from '../models/registry.ts'
import { weightsFile } from '../models/weights.ts'
import { CommandError, fileError, readInput, UsageError } from './command.ts'

/** Pixels of an image at the most. Ten times the server's default: one's own files are no attack. */
export const MAX_PIXELS = 500_000_000

/**
 * A model that there are weights for, be it a checkpoint of one's own; the first one where no name is given.
 * @throws UsageError
 */
export function chooseModel (name?: string, weights?: string): ModelConfig {
  const models = [...REGISTRY.values()].filter(model => model.weights || weights !== undefined)
  const model = name === undefined ? models[0] : models.find(model => model.name === name)
  if (model) return model
  throw new UsageError(`--model: there is no model ${name}, or it has no weights; there is ${models.map(({ name }) => name).join(', ')}`)
}

export interface ModelOptions {
  /** Processes, one photo each at a time. */
  readonly workers: number
  /** Threads that share one run of a network. */
  readonly threads: number
  /** A checkpoint, in place of the weights that the build has made. */
  readonly weights?: string | undefined
  /** Calibration table, to run in int8. */
  readonly calibration?: string | undefined
}

/**
 * Holds a model for a task, and ends the processes when `use` is done.
 * @throws CommandError when the weights are missing or do not fit, and what `use` throws
 */
export async function withModel<N extends TaskName, T> (
  config: ModelConfig, task: N, { weights, calibration, ...options }: ModelOptions, use: (lease: Lease<N>) => Promise<T>
): Promise<T> {
  const checkpoint = weights ?? builtWeights(config)
  const engine = new Engine({ ...options, artifacts: [{ kind: 'detector', name: config.name, config, checkpoint, calibration }] })
  try {
    await engine.start().catch(cause => { throw new CommandError(cause.reason ?? cause.message, { cause }) })
    return await use(await engine.acquire(config.name, task))
  } finally {
    await engine.close()
  }
}

/** A model's calibration table, for int8. @throws CommandError if it has none: a table belongs to certain weights */
export function calibrationFor (precision: Precision, config: ModelConfig, weights: string | undefined): string | undefined {
  if (precision === 'fp32') return undefined
  const path = weights === undefined ? builtInCalibration(config) : undefined
  if (path !== undefined) return path
  throw new CommandError(`--precision int8: there is no calibration table for ${weights ?? config.name}`)
}

/** @throws CommandError where there are none */
function builtWeights (config: ModelConfig): string {
  const path = fileURLToPath(weightsFile(config))
  if (existsSync(path)) return path
  throw new CommandError(`The weights of ${config.name} are missing: npm run build makes them`)
}

/** A model's figures: a checkpoint's, or those that the build has made ready. @throws CommandError naming the file or the model */
export async function readStateDict (config: ModelConfig, weights: string | undefined): Promise<StateDict> {
  const checkpoint = weights ?? builtWeights(config)
  return await loadCheckpoint(checkpoint, config).catch(cause => { throw fileError(checkpoint, cause) })
}

/** The objects in an image file, and the file's bytes. @throws CommandError naming the file */
export async function detectFile (lease: Lease<'detect'>, path: string, options: DecodeOptions): Promise<Timed<DetectOutput> & { bytes: Buffer }> {
  const bytes = await readInput(path)
  return { bytes, ...await aboutFile(path, lease.run({ bytes, maxPixels: MAX_PIXELS, options })) }
}

/** What a task makes of a file. @throws CommandError naming the file where the file is at fault */
export async function aboutFile<T> (path: string, result: Promise<T>): Promise<T> {
  try {
    return await result
  } catch (error) {
    const isKnown = error instanceof ImageError || error instanceof WorkerError || error instanceof FeaturesError
    throw isKnown ? new CommandError(`${path}: ${error.message}`, { cause: error }) : error
  }
}
