import type { Size } from '../head/decode/boxes.ts'
import { ACTIVATIONS } from '../nn/activations.ts'
import type { Dim } from '../nn/dim.ts'
import { NetworkError } from '../nn/errors.ts'
import type { Feature } from '../nn/feature.ts'
import type { Graph } from '../nn/graph.ts'
import { toOnnx } from '../nn/onnx/to-onnx.ts'
import { optimize, PASSES } from '../nn/passes/optimize.ts'
import type { Pass } from '../nn/passes/rewrite.ts'
import { Scope, type BatchStatistics, type Layer, type Weights } from '../nn/scope.ts'
import * as op from '../nn/ops.ts'
import { input, integers, type Node, type Tensor } from '../nn/tensor.ts'
import { buildBackbone, buildHead, buildNeck, type BackboneConfig } from './architectures.ts'
import type { ModelConfig } from './config.ts'
import { hasOwnSize, padToStride } from './resize-mode.ts'
import { INPUT_NAME, OUTPUT_NAME, PADS_NAME } from './tensor-names.ts'
import { normalize } from './normalize.ts'

/** A network over an image, with the records of building it. */
export interface Network {
  readonly image: Tensor
  readonly features: readonly Feature[]
  readonly levels: readonly Feature[]
  /** Logits `[N, points, numClasses + 4 · (regMax + 1)]`. */
  readonly predictions: Tensor
  /** Every named value by its path in the checkpoint, in the order of the forward pass. */
  readonly taps: ReadonlyMap<string, Tensor>
  /** Short names of values: `stem`, `stage2`, `p3`, `pred3` … */
  readonly aliases: ReadonlyMap<string, Tensor>
  readonly params: ReadonlyMap<string, Tensor>
  /** The path of the layer that applied each operator. */
  readonly owners: ReadonlyMap<Node, string>
  /** By path, the statistics of the batch norms that use their batch's. */
  readonly statistics: ReadonlyMap<string, BatchStatistics>
}

/**
 * Builds a model over a normalized image `[N, 3, H, W]`.
 * @throws NetworkError naming the layer if the weights or the config do not fit
 */
export function buildNetwork (config: ModelConfig, weights: Weights, image: Tensor): Network {
  const act = (part: keyof NonNullable<ModelConfig['acts']>): Layer => ACTIVATIONS[config.acts?.[part] ?? config.act]
  const scope = Scope.root(weights)
  const features = scope.apply('backbone', buildBackbone(config.backbone, act('backbone')), image)
  checkStages(config.backbone, features)
  const levels = scope.apply('fpn', buildNeck(config.neck, act('neck')), features)
  const predicted = levels.slice(0, config.head.strides.length) // upstream's heads pass over further levels
  const predictions = scope.apply('head', buildHead(config.head, config.labels.length, act('head')), predicted)
  const { taps, aliases, params, owners, statistics } = scope
  return { image, features, levels, predictions, taps, aliases, params, owners, statistics }
}

function checkStages ({ name, outStages }: BackboneConfig, features: readonly Feature[]): void {
  if (features.length > 0 && features.length === outStages.length) return
  throw new NetworkError(`${name} has ${features.length} of the stages [${outStages.join(', ')}]`)
}

/** Builds a model over one normalized image of its own input size, padded to multiples of 32. */
export function buildOnImage (config: ModelConfig, weights: Weights): Network {
  const { width, height } = padToStride(config.input)
  return buildNetwork(config, weights, input('image', [1, 3, height, width]))
}

/** Builds a model over photos' pixels, uint8 `[batch, height, width, 3]` RGB. */
export const buildOnPixels = (config: ModelConfig, weights: Weights, batch: Dim = 1): Network =>
  buildNetwork(config, weights, imageOfPixels(config, batch))

/** A normalized image, computed from the input `pixels`, uint8 `[batch, height, width, 3]` RGB. */
export function imageOfPixels (config: Pick<ModelConfig, 'input' | 'normalization'>, batch: Dim): Tensor {
  const pixels = input(INPUT_NAME, [batch, config.input.height, config.input.width, 3], 'uint8')
  return padded(normalize(pixels, config.normalization), config.input)
}

/**
 * Pads a normalized image right and below to multiples of 32 with zeros, which are the mean color.
 * Upstream: nanodet/data/batch_process.py (stack_batch_img)
 */
function padded (image: Tensor, { width, height }: Size): Tensor {
  const size = padToStride({ width, height })
  const [right, below] = [size.width - width, size.height - height]
  if (right === 0 && below === 0) return image
  return op.pad(image, integers([0, 0, 0, 0, 0, 0, below, right]), [image.dim(0), 3, size.height, size.width])
}

/** Over pixels of any size, padded after the normalization: with the mean color, which bytes can't express. */
function imageOfAnySize ({ normalization }: ModelConfig): Tensor {
  const pixels = input(INPUT_NAME, [1, 'canvasHeight', 'canvasWidth', 3], 'uint8')
  return op.pad(normalize(pixels, normalization), input(PADS_NAME, [8], 'int64'), [1, 3, 'H', 'W'])
}

export interface CompileOptions {
  /** Names of taps to add as outputs. */
  layers?: readonly string[]
  /** Passes that make the graph faster. Without any, it is the graph that the layers build. */
  passes?: readonly Pass[]
  /** Photos of one run: a number, or a name for any number. Models whose input size depends on the photo take one. */
  batch?: Dim
}

/** A model's graph as its layers build it, from pixels to predictions. */
export function graphOnPixels (config: ModelConfig, weights: Weights, layers: readonly string[] = [], batch: Dim = 1): Graph {
  const { predictions, taps } = hasOwnSize(config.resizeMode)
    ? buildNetwork(config, weights, imageOfAnySize(config))
    : buildOnPixels(config, weights, batch)
  const wanted = layers.map(name => [name, taps.get(name)!] as const)
  return { outputs: new Map([[OUTPUT_NAME, predictions], ...wanted]), names: taps }
}

/** Compiles a model to ONNX, from pixels to predictions. */
export function compile (config: ModelConfig, weights: Weights, { layers, passes = PASSES, batch }: CompileOptions = {}): Uint8Array {
  return toOnnx(optimize(graphOnPixels(config, weights, layers, batch), passes))
}
