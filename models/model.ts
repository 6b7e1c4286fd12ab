import type { StateDict } from './checkpoints/state-dict.ts'
import type { CalibrationTable, Precision } from './calibration-table.ts'
import type { ClassifierConfig, ModelConfig, OpaqueClassifierConfig, OpaqueConfig } from './config.ts'
import type { LayerInfo } from './layers.ts'

/** A detector of our layers, with its weights. */
export interface NetworkModel {
  readonly kind: 'detector'
  readonly config: ModelConfig
  readonly stateDict: StateDict
  /** With a calibration table, it can run in int8. */
  readonly calibration?: CalibrationTable
  /** Precision of its detections; by default fp32. */
  readonly precision?: Precision
}

/** A detector whose network is the graph of an ONNX file. */
export interface OpaqueModel {
  readonly kind: 'opaque'
  readonly config: OpaqueConfig
  readonly onnx: Uint8Array
  /** Layers that can be fetched. The runtime knows their shapes, which the file may not declare. */
  readonly layers: readonly LayerInfo[]
}

export interface ClassifierModel {
  readonly kind: 'classifier'
  readonly config: ClassifierConfig
  readonly stateDict: StateDict
}

/** A classifier whose network is the graph of an ONNX file. */
export interface OpaqueClassifierModel {
  readonly kind: 'opaque-classifier'
  readonly config: OpaqueClassifierConfig
  readonly onnx: Uint8Array
}

export type DetectorModel = NetworkModel | OpaqueModel
/** A model in memory. */
export type Model = DetectorModel | ClassifierModel | OpaqueClassifierModel
