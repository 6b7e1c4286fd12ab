import type { CalibrationTable } from '../nn/passes/quantize.ts'
import type { StateDict } from './checkpoints/state-dict.ts'
import type { ClassifierConfig, ModelConfig, OpaqueConfig } from './config.ts'
import type { LayerInfo } from './layers.ts'

/** A detector of our layers, with its weights. */
export interface NetworkModel {
  readonly kind: 'detector'
  readonly config: ModelConfig
  readonly stateDict: StateDict
  /** It detects in int8 where it has these. */
  readonly calibration?: CalibrationTable
}

/** A detector whose graph is an ONNX file's. */
export interface OpaqueModel {
  readonly kind: 'opaque'
  readonly config: OpaqueConfig
  readonly onnx: Uint8Array
  /** What can be looked at: the runtime knows the shapes, which the file may not say. */
  readonly layers: readonly LayerInfo[]
}

export interface ClassifierModel {
  readonly kind: 'classifier'
  readonly config: ClassifierConfig
  readonly stateDict: StateDict
}

export type DetectorModel = NetworkModel | OpaqueModel
/** Everything that is needed to run a model. */
export type Model = DetectorModel | ClassifierModel
