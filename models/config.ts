import type { CustomCspNetOptions } from '../backbone/custom-csp-net.ts'
import type { EfficientNetLiteOptions } from '../backbone/efficientnet-lite.ts'
import type { GhostNetOptions } from '../backbone/ghostnet.ts'
import type { MobileNetV1Options } from '../backbone/mobilenetv1.ts'
import type { MobileNetV2Options } from '../backbone/mobilenetv2.ts'
import type { RepVggOptions } from '../backbone/repvgg.ts'
import type { ShuffleNetV1Options } from '../backbone/shufflenetv1.ts'
import type { ShuffleNetV2Options } from '../backbone/shufflenetv2.ts'
import type { Size } from '../head/decode/boxes.ts'
import type { Scores } from '../head/decode/decode.ts'
import type { ActivationName } from '../nn/activations.ts'
import type { Geometry } from './geometry.ts'

export type BackboneConfig =
  | BackboneOf<'custom-csp-net', CustomCspNetOptions>
  | BackboneOf<'efficientnet-lite', EfficientNetLiteOptions>
  | BackboneOf<'ghostnet', GhostNetOptions>
  | BackboneOf<'mobilenetv1', MobileNetV1Options>
  | BackboneOf<'mobilenetv2', MobileNetV2Options>
  | BackboneOf<'repvgg', Omit<RepVggOptions, 'form'>>
  | BackboneOf<'shufflenetv1', ShuffleNetV1Options>
  | BackboneOf<'shufflenetv2', ShuffleNetV2Options>

/** A backbone's options; its activation is the model's. */
type BackboneOf<Name extends string, Options extends { outStages?: unknown }> =
  Readonly<{ name: Name } & Omit<Options, 'act'> & Required<Pick<Options, Extract<keyof Options, 'width' | 'outStages'>>>>

export interface PyramidConfig {
  readonly name: 'fpn' | 'pan'
  readonly outChannels: number
}

export interface GhostPanConfig {
  readonly name: 'ghost-pan'
  readonly outChannels: number
  readonly kernel: number
  /** Levels beyond the backbone's. */
  readonly extraLevels: number
}

/** Its learned positions fit one input size only. */
export interface TanConfig {
  readonly name: 'tan'
  readonly outChannels: number
  readonly heads: number
  readonly encoders: number
  /** Hidden channels of the encoders' perceptrons, as a multiple of `outChannels`. */
  readonly mlpRatio: number
}

export type NeckConfig = PyramidConfig | GhostPanConfig | TanConfig

/** What the numbers that come out of a head mean. */
export interface PointsConfig {
  /** Highest bin of the distance distributions. */
  readonly regMax: number
  /** Pixels a cell of each level, finest first. */
  readonly strides: readonly number[]
  /** Where in its cell a centre prior lies, in strides. */
  readonly offset: number
}

export interface NanoDetHeadConfig extends PointsConfig {
  readonly name: 'nanodet-head' | 'nanodet-plus-head'
  readonly featChannels: number
  readonly stackedConvs: number
  readonly convModule: 'depthwise' | 'dense'
  readonly shareClsReg: boolean
}

export interface GflHeadConfig extends PointsConfig {
  readonly name: 'gfl-head'
  readonly featChannels: number
  readonly stackedConvs: number
  readonly norm: 'batch' | 'group'
}

export type HeadConfig = NanoDetHeadConfig | GflHeadConfig

/** (pixel − mean) / std, a channel, on pixels of 0 … 255, the channels in `channelOrder`. */
export interface Normalization {
  readonly channelOrder: 'BGR' | 'RGB'
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/** What the authors report, on COCO val2017. */
export interface Published {
  readonly ap: number
  readonly ap50?: number
  readonly ap75?: number
  readonly source: string
}

/** Weights that the build makes ready, and where they come from. */
export interface WeightsOrigin { readonly package: string, readonly license: string, readonly trainedBy: string }

/** What is to be said of every detector, whatever its network is made of. */
export interface DetectorConfig {
  readonly name: string
  readonly head: PointsConfig
  readonly input: Size
  readonly geometry: Geometry
  readonly normalization: Normalization
  readonly labels: readonly string[]
  /** What the network gives for the classes; logits where it is left out. */
  readonly scores?: Scores
  readonly published?: Published
  readonly weights?: WeightsOrigin
}

/** Everything that is to be said of a model beside its weights. */
export interface ModelConfig extends DetectorConfig {
  readonly backbone: BackboneConfig
  readonly neck: NeckConfig
  readonly head: HeadConfig
  readonly act: ActivationName
}

/** A detector whose network is the graph of an ONNX file, run as it is. */
export interface OpaqueConfig extends DetectorConfig {
  readonly opaque: true
  /** What the graph gives for the classes. */
  readonly scores: Scores
}

/** A backbone's options where it ends in a classifier, which sees its last stage alone. */
export type ClassifierBackboneConfig = WithoutStages<BackboneConfig>
type WithoutStages<Config> = Config extends { name: ClassifierName } ? Omit<Config, 'outStages'> : never
type ClassifierName = 'ghostnet' | 'mobilenetv1' | 'mobilenetv2' | 'shufflenetv1' | 'shufflenetv2'

/** An image classifier: one of the backbones with the head of its own paper. */
export interface ClassifierConfig {
  readonly name: string
  readonly backbone: ClassifierBackboneConfig
  readonly input: Size
  readonly normalization: Normalization
  readonly labels: readonly string[]
}
