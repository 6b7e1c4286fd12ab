import { PASSES } from '../nn/passes/optimize.ts'
import type { Ranges } from '../nn/passes/quantize.ts'
import { weightsOf, type StateDict } from './checkpoints/state-dict.ts'
import { compileClassifier } from './classifier.ts'
import type { ClassifierConfig, ModelConfig, OpaqueConfig } from './config.ts'
import type { LayerInfo } from './layers.ts'
import { compile } from './network.ts'
import { compileOpaque } from './opaque.ts'
import { int8Passes } from './quantization/int8-form.ts'

/** A detector of our layers, with its weights. */
export interface NetworkModel {
  readonly kind: 'detector'
  readonly config: ModelConfig
  readonly stateDict: StateDict
  /** It detects in int8 where it has these. */
  readonly ranges?: Ranges
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
/** What is to be said of a model of any kind beside its weights. */
export type AnyConfig = Model['config']

/**
 * Compiles a model to ONNX, from pixels to predictions; `layers` are values inside a detector that shall be outputs, too. With layers it is
 * float throughout: they show what the network was trained to compute.
 */
export function compileModel (model: Model, layers: readonly string[] = []): Uint8Array {
  switch (model.kind) {
    case 'detector': {
      const passes = model.ranges && layers.length === 0 ? int8Passes(model.ranges) : PASSES
      return compile(model.config, weightsOf(model.stateDict), { layers, passes })
    }
    case 'opaque': return compileOpaque(model.onnx, model.config, layers)
    case 'classifier': return compileClassifier(model.config, weightsOf(model.stateDict))
  }
}
