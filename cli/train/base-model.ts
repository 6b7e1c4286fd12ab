/** The model that a run starts with. */
import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import type { ConfigOfKind, ModelConfig } from '../../models/config.ts'
import { LARGEST_STRIDE } from '../../models/resize-mode.ts'
import { NetworkError } from '../../nn/errors.ts'
import type { Situation } from '../../training/defaults.ts'
import { parametersInTraining } from '../../training/graph/auxiliary.ts'
import { fromScratch } from '../../training/initialize/from-scratch.ts'
import { transferred } from '../../training/initialize/transfer.ts'
import { CommandError, UsageError } from '../errors.ts'
import { readArtifact } from '../read-model.ts'
import { DEFAULT_MODEL, findArtifact, findConfig } from '../target.ts'
import type { TrainOptions } from './options.ts'

/** For the default model: 1.7 times as fast to train and to run as its own 416. */
const DEFAULT_SIZE = 320

/** A detector before training. */
export interface BaseModel {
  /** Of the new model: its classes and its input. */
  readonly config: ModelConfig
  readonly initial: StateDict
  /** Where the weights are from. */
  readonly origin: string
  /** Whether its weights are random, or those of a model with other classes, or with the same ones. */
  readonly start: Situation['start']
  /** NanoDet-Plus from random weights: its auxiliary head is trained, too. */
  readonly auxiliary: boolean
}

/**
 * The detector that the options name, with other classes.
 * @param name of the new model
 * @throws UsageError or CommandError naming what can't be used
 */
export async function baseModel (options: TrainOptions, name: string, labels: readonly string[]): Promise<BaseModel> {
  const { from, model, weights, seed } = options
  if (from !== undefined && model !== undefined) throw new UsageError('--from: not with --model, which starts from random weights')
  if (model !== undefined && weights === undefined) return await scratchModel(options, model, name, labels)
  const named = model ?? from
  const artifact = trainable(await findArtifact({ ...options, model: named ?? DEFAULT_MODEL }))
  const config = newConfig(artifact.config, name, labels, options.size ?? (named === undefined ? DEFAULT_SIZE : undefined))
  const { stateDict } = await readArtifact(artifact)
  try {
    const initial = transferred(config, stateDict, artifact.config.labels, seed)
    const start = labels.every(label => artifact.config.labels.includes(label)) ? 'known-classes' : 'new-classes'
    return { config, initial, origin: artifact.name, start, auxiliary: false }
  } catch (cause) {
    if (cause instanceof NetworkError) throw new CommandError(`${artifact.name}: its weights do not fit the new model: ${cause.message}`, { cause })
    throw cause
  }
}

async function scratchModel (options: TrainOptions, model: string, name: string, labels: readonly string[]): Promise<BaseModel> {
  const config = newConfig(trainable(await findConfig({ ...options, model })).config, name, labels, options.size)
  const auxiliary = config.head.name === 'nanodet-plus-head'
  const { seed, initialization } = options
  const initial = fromScratch(config, { seed, initialization, params: parametersInTraining(config, auxiliary) })
  return { config, initial, origin: 'random weights', start: 'random', auxiliary }
}

/** @throws UsageError if the model is not a detector of our layers */
function trainable<M extends ConfigOfKind> (model: M): Extract<M, { readonly kind: 'detector' }> {
  if (model.kind === 'detector') return model as Extract<M, { readonly kind: 'detector' }>
  const isGraph = model.kind === 'opaque' || model.kind === 'opaque-classifier'
  throw new UsageError(`${model.config.name} is ${isGraph ? 'an ONNX graph that runs as it is' : 'a classifier: --task classify trains it'}`)
}

/** @throws UsageError if the input's size does not suit the network */
function newConfig (
  { published, weights, ...config }: ModelConfig, name: string, labels: readonly string[], size: number | undefined
): ModelConfig {
  const input = size === undefined ? config.input : { width: size, height: size }
  if (input.width % LARGEST_STRIDE !== 0 || input.height % LARGEST_STRIDE !== 0) {
    throw new UsageError(`--size: expected a multiple of ${LARGEST_STRIDE}, found ${input.width === input.height ? input.width : `${input.width}×${input.height}`}`)
  }
  return { ...config, name, labels, input }
}
