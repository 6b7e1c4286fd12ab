import type { CalibrationTable } from '../nn/passes/quantize.ts'
import type { StateDict } from './checkpoints/state-dict.ts'
import type { ClassifierConfig, ModelConfig, OpaqueConfig } from './config.ts'
import type { LayerInfo } from './layers.ts'

/** A detector of our layers, with its weights. */
export interface NetworkModel {
  readonly kind: 'detector'
  readonly config: ModelConfig
  readonly stateDict: StateDict
  /** With a calibration table it detects in int8. */
  readonly calibration?: CalibrationTable
}

/** A detector whose graph is an ONNX file's. */
export interface OpaqueModel {
  readonly kind: 'opaque'
  readonly config: OpaqueConfig
  readonly onnx: Uint8Array
  /** The values that can be requested: shapes come from the runtime, since the file may lack them. */
  readonly layers: readonly LayerInfo[]
}

export interface ClassifierModel {
  readonly kind: 'classifier'
  readonly config: ClassifierConfig
  readonly stateDict: StateDict
}

export type DetectorModel = NetworkModel | OpaqueModel
/** Everything needed to run a model. */
export type Model = DetectorModel | ClassifierModel
