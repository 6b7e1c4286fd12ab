import type { Dim } from '../nn/dim.ts'
import { toOnnx } from '../nn/onnx/to-onnx.ts'
import { Scope, type BatchStatistics, type Weights } from '../nn/scope.ts'
import { input, type Node, type Tensor } from '../nn/tensor.ts'
import { buildClassifierLayer } from './architectures.ts'
import type { ClassifierConfig } from './config.ts'
import { INPUT_NAME, OUTPUT_NAME } from './tensor-names.ts'
import { normalize } from './normalize.ts'

/** A classifier over an image, and its parameters. */
export interface ClassifierNetwork {
  /** `[N, classes]`, before the softmax. */
  readonly logits: Tensor
  /** Short names of values: `stem`, `stage2` … */
  readonly aliases: ReadonlyMap<string, Tensor>
  readonly params: ReadonlyMap<string, Tensor>
  /** The path of the layer that applied each operator. */
  readonly owners: ReadonlyMap<Node, string>
  /** By path, the statistics of the batch norms that use their batch's. */
  readonly statistics: ReadonlyMap<string, BatchStatistics>
}

/**
 * Builds a classifier over a normalized image `[N, 3, H, W]`.
 * @throws NetworkError naming the layer if the weights or the config do not fit
 */
export function buildClassifier ({ backbone, labels }: ClassifierConfig, weights: Weights, image: Tensor): ClassifierNetwork {
  const scope = Scope.root(weights)
  const logits = buildClassifierLayer(backbone, labels.length)(image, scope)
  const { aliases, params, owners, statistics } = scope
  return { logits, aliases, params, owners, statistics }
}

/** Builds a classifier over one normalized image of its own input size. */
export const buildClassifierOnImage = (config: ClassifierConfig, weights: Weights): ClassifierNetwork =>
  buildClassifier(config, weights, input('image', [1, 3, config.input.height, config.input.width]))

/** Compiles a classifier to ONNX, from pixels, uint8 `[batch, height, width, 3]` RGB, to logits `[batch, classes]`. */
export function compileClassifier (config: ClassifierConfig, weights: Weights, batch: Dim = 1): Uint8Array {
  const pixels = input(INPUT_NAME, [batch, config.input.height, config.input.width, 3], 'uint8')
  const { logits } = buildClassifier(config, weights, normalize(pixels, config.normalization))
  return toOnnx({ outputs: new Map([[OUTPUT_NAME, logits]]) })
}
