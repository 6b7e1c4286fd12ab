/** The classifier that a run starts with. */
import type { StateDict } from '../../models/checkpoints/state-dict.ts'
import type { ClassifierConfig, ConfigOfKind } from '../../models/config.ts'
import { LARGEST_STRIDE } from '../../models/resize-mode.ts'
import { NetworkError } from '../../nn/errors.ts'
import { fromScratch } from '../../training/initialize/from-scratch.ts'
import { transferred } from '../../training/initialize/transfer.ts'
import { CommandError, UsageError } from '../errors.ts'
import { readArtifact } from '../read-model.ts'
import { findArtifact, findConfig, isPath } from '../target.ts'
import { namedClassifier, shortNames } from './classifier-names.ts'
import type { TrainOptions } from './options.ts'

const DEFAULT_MODEL = 'shufflenetv2-0.5x'

/** A classifier before training. */
export interface BaseClassifier {
  /** Of the new model: its classes and its input. */
  readonly config: ClassifierConfig
  readonly initial: StateDict
  /** Where the weights are from. */
  readonly origin: string
  /** Everything is new: no weights of another model are kept. */
  readonly isFromScratch: boolean
}

/**
 * The classifier that the options name, with other classes. By default, a small one from random weights.
 * @param name of the new model
 * @throws UsageError or CommandError naming what can't be used
 */
export async function baseClassifier (options: TrainOptions, name: string, labels: readonly string[]): Promise<BaseClassifier> {
  const { from, model = DEFAULT_MODEL, weights, seed, initialization } = options
  if (from !== undefined && options.model !== undefined) {
    throw new UsageError('--from: not with --model, which starts from random weights')
  }
  if (from !== undefined || weights !== undefined) return await trainedClassifier(options, name, labels)
  const config = newConfig(await configOf({ ...options, model }, labels), name, labels, options.size)
  const initial = fromScratch(config, { seed, initialization })
  return { config, initial, origin: `random weights of ${model}`, isFromScratch: true }
}

/** Of a short name, of a model in the folder of models, or of a file. */
async function configOf (options: TrainOptions & { model: string }, labels: readonly string[]): Promise<ClassifierConfig> {
  const { model } = options
  const named = isPath(model) ? undefined : namedClassifier(model, labels)
  if (named) return named
  try {
    return classifierOf(await findConfig(options)).config
  } catch (cause) {
    if (!(cause instanceof UsageError) || isPath(model)) throw cause
    throw new UsageError(`${cause.message}; short names of classifiers: ${shortNames().join(', ')}`, { cause })
  }
}

async function trainedClassifier (options: TrainOptions, name: string, labels: readonly string[]): Promise<BaseClassifier> {
  const { from, model = from, seed } = options
  if (model === undefined) throw new UsageError('--weights: give the config of the checkpoint with --model')
  const artifact = classifierOf(await findArtifact({ ...options, model }))
  const config = newConfig(artifact.config, name, labels, options.size)
  const { stateDict } = await readArtifact(artifact)
  try {
    return { config, initial: transferred(config, stateDict, artifact.config.labels, seed), origin: artifact.name, isFromScratch: false }
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause
    throw new CommandError(`${artifact.name}: its weights do not fit the new model: ${cause.message}`, { cause })
  }
}

/** @throws UsageError if the model is not a classifier of our layers */
function classifierOf<M extends ConfigOfKind> (model: M): Extract<M, { readonly kind: 'classifier' }> {
  if (model.kind === 'classifier') return model as Extract<M, { readonly kind: 'classifier' }>
  const isDetector = model.kind === 'detector' || model.kind === 'opaque'
  throw new UsageError(`${model.config.name} is ${isDetector ? 'a detector: --task detect trains it' : 'an ONNX graph that runs as it is'}`)
}

/** @throws UsageError if the input's size does not suit the network */
function newConfig (config: ClassifierConfig, name: string, labels: readonly string[], size: number | undefined): ClassifierConfig {
  const input = size === undefined ? config.input : { width: size, height: size }
  if (input.width % LARGEST_STRIDE === 0 && input.height % LARGEST_STRIDE === 0) return { ...config, name, labels, input }
  throw new UsageError(`--size: expected a multiple of ${LARGEST_STRIDE}, found ${size}`)
}
