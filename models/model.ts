import { weightsOf, type StateDict } from './checkpoints/state-dict.ts'
import type { ModelConfig } from './config.ts'
import { compile } from './network.ts'

/** A model with its weights: everything that is needed to run it. */
export interface NetworkModel {
  readonly kind: 'network'
  readonly config: ModelConfig
  readonly stateDict: StateDict
}
export type Model = NetworkModel

/** Compiles a model to ONNX, from pixels to predictions; `layers` are values that shall be outputs, too. */
export const compileModel = ({ config, stateDict }: Model, layers: readonly string[] = []): Uint8Array =>
  compile(config, weightsOf(stateDict), layers)
