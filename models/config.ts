import type { Size } from '../head/decode/boxes.ts'
import type { Scores } from '../head/decode/candidates.ts'
import type { ActivationName } from '../nn/activations.ts'
import type { PointsConfig } from '../nn/spec.ts'
import type { BackboneConfig, ClassifierBackboneConfig, HeadConfig, NeckConfig } from './architectures.ts'
import type { ResizeMode } from './resize-mode.ts'

/** (pixel − mean) / std per channel, on pixels of 0 … 255, with channels in `channelOrder`. */
export interface Normalization {
  readonly channelOrder: 'BGR' | 'RGB'
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/** Accuracy that the authors report, on COCO val2017. */
export interface Published {
  readonly ap: number
  readonly ap50?: number
  readonly ap75?: number
  readonly source: string
}

/** Where the weights come from that the build makes. */
export interface WeightsOrigin { readonly package: string, readonly license: string, readonly trainedBy: string }

/** The config of any detector, whatever its network is made of. */
export interface DetectorConfig {
  readonly name: string
  readonly head: PointsConfig
  readonly input: Size
  readonly resizeMode: ResizeMode
  readonly normalization: Normalization
  readonly labels: readonly string[]
  /** What the network's class scores are; logits if left out. */
  readonly scores?: Scores
  readonly published?: Published
  readonly weights?: WeightsOrigin
}

/** A detector of our layers. */
export interface ModelConfig extends DetectorConfig {
  readonly backbone: BackboneConfig
  readonly neck: NeckConfig
  readonly head: HeadConfig
  readonly act: ActivationName
  /** Activations of parts that differ from `act`. */
  readonly acts?: Readonly<Partial<Record<'backbone' | 'neck' | 'head', ActivationName>>>
}

/** A detector whose network is the graph of an ONNX file. */
export interface OpaqueConfig extends DetectorConfig {
  readonly opaque: true
  readonly scores: Scores
  /** What the graph's boxes are: distances, or distributions of these, as `head.regMax` tells; or corners in pixels of the input. */
  readonly boxes?: 'distances' | 'corners'
}

/** The config of any classifier. */
interface ClassifierSettings {
  readonly name: string
  readonly input: Size
  readonly normalization: Normalization
  readonly labels: readonly string[]
}

/** A classifier of our layers: a backbone with the head of its own paper. */
export interface ClassifierConfig extends ClassifierSettings {
  readonly backbone: ClassifierBackboneConfig
}

/** A classifier whose network is the graph of an ONNX file. */
export interface OpaqueClassifierConfig extends ClassifierSettings {
  readonly opaque: true
  /** What the graph's outputs are. */
  readonly scores: Scores
}

/** A model's config, and its kind (models/kinds/). */
export type ConfigOfKind =
  | { readonly kind: 'detector', readonly config: ModelConfig }
  | { readonly kind: 'opaque', readonly config: OpaqueConfig }
  | { readonly kind: 'classifier', readonly config: ClassifierConfig }
  | { readonly kind: 'opaque-classifier', readonly config: OpaqueClassifierConfig }
