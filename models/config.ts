import type { Size } from '../head/decode/boxes.ts'
import type { Scores } from '../head/decode/decode.ts'
import type { ActivationName } from '../nn/activations.ts'
import type { PointsConfig } from '../nn/spec.ts'
import type { BackboneConfig, ClassifierBackboneConfig, HeadConfig, NeckConfig } from './architectures.ts'
import type { ResizeMode } from './resize-mode.ts'

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
  readonly resizeMode: ResizeMode
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
  /** Activations of parts that differ from `act`. */
  readonly acts?: Readonly<Partial<Record<'backbone' | 'neck' | 'head', ActivationName>>>
}

/** A detector whose network is the graph of an ONNX file, run as it is. */
export interface OpaqueConfig extends DetectorConfig {
  readonly opaque: true
  /** What the graph gives for the classes. */
  readonly scores: Scores
}

/** An image classifier: one of the backbones with the head of its own paper. */
export interface ClassifierConfig {
  readonly name: string
  readonly backbone: ClassifierBackboneConfig
  readonly input: Size
  readonly normalization: Normalization
  readonly labels: readonly string[]
}

/** Everything that is to be said of a model beside its weights, and of which kind it is (models/kinds/). */
export type ConfigOfKind =
  | { readonly kind: 'detector', readonly config: ModelConfig }
  | { readonly kind: 'opaque', readonly config: OpaqueConfig }
  | { readonly kind: 'classifier', readonly config: ClassifierConfig }
