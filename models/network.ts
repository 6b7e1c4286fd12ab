import { customCspNet } from '../backbone/custom-csp-net.ts'
import { efficientNetLite } from '../backbone/efficientnet-lite.ts'
import { ghostNet } from '../backbone/ghostnet.ts'
import { mobileNetV1 } from '../backbone/mobilenetv1.ts'
import { mobileNetV2 } from '../backbone/mobilenetv2.ts'
import { repVgg } from '../backbone/repvgg.ts'
import { shuffleNetV1 } from '../backbone/shufflenetv1.ts'
import { shuffleNetV2 } from '../backbone/shufflenetv2.ts'
import { gflHead } from '../head/gfl-head.ts'
import { nanoDetHead } from '../head/nanodet-head.ts'
import { nanoDetPlusHead } from '../head/nanodet-plus-head.ts'
import { fpn } from '../neck/fpn.ts'
import { ghostPan } from '../neck/ghost-pan.ts'
import { pan } from '../neck/pan.ts'
import { tan } from '../neck/tan.ts'
import { ACTIVATIONS } from '../nn/activations.ts'
import { convModule, depthwiseConvModule, groupNormConvModule, type MakeConvModule } from '../nn/blocks/conv-module.ts'
import { NetworkError } from '../nn/errors.ts'
import type { Backbone, Feature, Head, Neck } from '../nn/feature.ts'
import type { Graph } from '../nn/graph.ts'
import { toOnnx } from '../nn/onnx/to-onnx.ts'
import { optimize, PASSES } from '../nn/passes/optimize.ts'
import type { Pass } from '../nn/passes/rewrite.ts'
import { Scope, type Layer, type Weights } from '../nn/scope.ts'
import * as op from '../nn/ops.ts'
import { input, type Node, type Tensor } from '../nn/tensor.ts'
import type { BackboneConfig, GflHeadConfig, HeadConfig, ModelConfig, NanoDetHeadConfig, NeckConfig } from './config.ts'
import { hasOwnSize } from './geometry.ts'
import { normalize } from './normalize.ts'

/** The names of a compiled network's input, uint8 `[1, H, W, 3]` RGB, and output, float32 `[1, points, values]`. */
export const INPUT_NAME = 'pixels'
export const OUTPUT_NAME = 'output'
/** A second input, int64 `[8]`, of networks whose input is as large as the photo makes it: how far to pad it. */
export const PADS_NAME = 'pads'

const BACKBONES: { [C in BackboneConfig as C['name']]: (config: C, act: Layer) => Backbone } = {
  'custom-csp-net': (config, act) => customCspNet({ ...config, act }),
  'efficientnet-lite': (config, act) => efficientNetLite({ ...config, act }),
  ghostnet: (config, act) => ghostNet({ ...config, act }),
  mobilenetv1: (config, act) => mobileNetV1({ ...config, act }),
  mobilenetv2: (config, act) => mobileNetV2({ ...config, act }),
  repvgg: (config, act) => repVgg({ ...config, act }),
  shufflenetv1: (config, act) => shuffleNetV1({ ...config, act }),
  shufflenetv2: (config, act) => shuffleNetV2({ ...config, act })
}
const NECKS: { [C in NeckConfig as C['name']]: (config: C, act: Layer) => Neck } = {
  fpn: ({ outChannels }) => fpn(outChannels),
  pan: ({ outChannels }) => pan(outChannels),
  'ghost-pan': (config, act) => ghostPan({ ...config, act }),
  tan: (config, act) => tan({ ...config, act })
}
const HEADS: { [C in HeadConfig as C['name']]: (config: C, numClasses: number, act: Layer) => Head } = {
  'gfl-head': (config, numClasses) => gflHead({ ...config, numClasses, convModule: GFL_CONV_MODULES[config.norm] }),
  'nanodet-head': (config, numClasses, act) => nanoDetHead({ ...config, numClasses, act, convModule: CONV_MODULES[config.convModule] }),
  'nanodet-plus-head': (config, numClasses, act) =>
    nanoDetPlusHead({ ...config, numClasses, act, convModule: CONV_MODULES[config.convModule] })
}
const CONV_MODULES: Record<NanoDetHeadConfig['convModule'], MakeConvModule> = { dense: convModule, depthwise: depthwiseConvModule }
const GFL_CONV_MODULES: Record<GflHeadConfig['norm'], MakeConvModule> = { batch: convModule, group: groupNormConvModule }

/** A network over an image, with everything that building it brought to light. */
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
}

/**
 * Builds a model over a normalized image `[N, 3, H, W]`.
 * @throws NetworkError naming the layer, where the weights or the config do not fit
 */
export function buildNetwork (config: ModelConfig, weights: Weights, image: Tensor): Network {
  const act = ACTIVATIONS[config.act]
  const scope = Scope.root(weights)
  const features = scope.apply('backbone', backboneOf(config.backbone, act), image)
  checkStages(config.backbone, features)
  const levels = scope.apply('fpn', neckOf(config.neck, act), features)
  const predictions = scope.apply('head', headOf(config.head, config.labels.length, act), levels)
  const { taps, aliases, params, owners } = scope
  return { image, features, levels, predictions, taps, aliases, params, owners }
}

function checkStages ({ name, outStages }: BackboneConfig, features: readonly Feature[]): void {
  if (features.length > 0 && features.length === outStages.length) return
  throw new NetworkError(`${name} has ${features.length} of the stages [${outStages.join(', ')}]`)
}

/** The tables' entries are of the config's own name, which the compiler can't follow. */
const backboneOf = <C extends BackboneConfig>(config: C, act: Layer): Backbone =>
  (BACKBONES[config.name] as (config: C, act: Layer) => Backbone)(config, act)
const neckOf = <C extends NeckConfig>(config: C, act: Layer): Neck =>
  (NECKS[config.name] as (config: C, act: Layer) => Neck)(config, act)
const headOf = <C extends HeadConfig>(config: C, numClasses: number, act: Layer): Head =>
  (HEADS[config.name] as (config: C, numClasses: number, act: Layer) => Head)(config, numClasses, act)

/** Builds a model over one normalized image of its own input size. */
export const buildOnImage = (config: ModelConfig, weights: Weights): Network =>
  buildNetwork(config, weights, input('image', [1, 3, config.input.height, config.input.width]))

/** Builds a model over a photo's pixels, uint8 `[1, height, width, 3]` RGB. */
export function buildOnPixels (config: ModelConfig, weights: Weights): Network {
  const pixels = input(INPUT_NAME, [1, config.input.height, config.input.width, 3], 'uint8')
  return buildNetwork(config, weights, normalize(pixels, config.normalization))
}

/** Over pixels of any size, padded behind the normalization: with the mean colour, which bytes can't express. */
function imageOfAnySize ({ normalization }: ModelConfig): Tensor {
  const pixels = input(INPUT_NAME, [1, 'canvasHeight', 'canvasWidth', 3], 'uint8')
  return op.pad(normalize(pixels, normalization), input(PADS_NAME, [8], 'int64'), [1, 3, 'H', 'W'])
}

export interface CompileOptions {
  /** Names of taps that shall be outputs, too. */
  layers?: readonly string[]
  /** What makes the graph faster. Without any, it is as the layers say it. */
  passes?: readonly Pass[]
}

/** A model's graph as its layers say it, from pixels to predictions. */
export function graphOnPixels (config: ModelConfig, weights: Weights, layers: readonly string[] = []): Graph {
  const { predictions, taps } = hasOwnSize(config.geometry)
    ? buildNetwork(config, weights, imageOfAnySize(config))
    : buildOnPixels(config, weights)
  const wanted = layers.map(name => [name, taps.get(name)!] as const)
  return { outputs: new Map([[OUTPUT_NAME, predictions], ...wanted]), names: taps }
}

/** Compiles a model to ONNX, from pixels to predictions. */
export const compile = (config: ModelConfig, weights: Weights, { layers = [], passes = PASSES }: CompileOptions = {}): Uint8Array =>
  toOnnx(optimize(graphOnPixels(config, weights, layers), passes))
