import type { Size } from '../../head/decode/boxes.ts'
import type { Artifact } from '../artifact.ts'
import type { WeightsOrigin } from '../config.ts'
import type { ResizeMode } from '../resize-mode.ts'
import type { LayerInfo } from '../layers.ts'
import type { Model } from '../model.ts'
import type { ModelSummary } from '../summary.ts'

/**
 * What a person wants to know of a model. Parts that a model does not have, or that nobody can know of it, are left
 * out.
 */
export interface Description {
  name: string
  task: 'detect' | 'classify'
  input: Size
  labels: string[]
  resizeMode?: ResizeMode
  backbone?: string
  neck?: string
  head?: string
  strides?: number[]
  parameters?: number
  weights?: WeightsOrigin
}

type Kind = Model['kind']
type Of<Union, K extends Kind> = Extract<Union, { readonly kind: K }>
type ConfigOf<K extends Kind> = Of<Model, K>['config']

/**
 * What is done with the models of one kind, each in its own way. Code outside of this folder asks no model of which
 * kind it is.
 */
export interface ModelKind<K extends Kind> {
  readonly kind: K
  readonly task: Description['task']
  /** Whether its networks can run in int8, given a calibration table. */
  readonly takesCalibration: boolean
  /** Reads the artifact's files, and says no more of what is wrong with them than the error that it meets. */
  readonly read: (artifact: Of<Artifact, K>) => Promise<Of<Model, K>>
  /** ONNX from pixels to predictions; `layers` are values inside that are outputs, too. */
  readonly compile: (model: Of<Model, K>, layers: readonly string[]) => Uint8Array
  /** What there is to say beside name, task, input and labels. It may take building the network. */
  readonly describe: (config: ConfigOf<K>) => Partial<Description>
  /** The values inside that can be asked for. */
  readonly layers: (model: Of<Model, K>) => readonly LayerInfo[]
  /** Left out where nobody knows what the layers cost. */
  readonly summarize?: (config: ConfigOf<K>) => ModelSummary
  /** Left out where the build has made no weights of this kind. */
  readonly weightsOrigin?: (config: ConfigOf<K>) => WeightsOrigin | undefined
}
