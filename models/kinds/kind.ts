import type { Size } from '../../head/decode/boxes.ts'
import type { Artifact } from '../artifact.ts'
import type { Precision } from '../calibration-table.ts'
import type { WeightsOrigin } from '../config.ts'
import type { ResizeMode } from '../resize-mode.ts'
import type { LayerInfo } from '../layers.ts'
import type { Model } from '../model.ts'
import type { ModelSummary } from '../summary.ts'

/** Public description of a model. Properties that it does not have, or that are unknown, are left out. */
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

/** What a network is compiled for, beside its precision; by default one photo on the CPU. */
export interface Target {
  /** For any execution provider: in fp32, without what serves the CPU alone. */
  readonly isPortable?: boolean
  /** For any number of photos in one run. int8, graphs of ONNX files and inputs whose size depends on the photo take one. */
  readonly isBatched?: boolean
}

type Kind = Model['kind']
type Of<Union, K extends Kind> = Extract<Union, { readonly kind: K }>
type ConfigOf<K extends Kind> = Of<Model, K>['config']

/** Operations on the models of one kind. Code outside of this folder never branches on a model's kind. */
export interface ModelKind<K extends Kind> {
  readonly kind: K
  readonly task: Description['task']
  /** Whether its networks can run in int8, with a calibration table. */
  readonly takesCalibration: boolean
  /** Reads the artifact's files. Errors need not name the file: `readModel` does. */
  readonly read: (artifact: Of<Artifact, K>) => Promise<Of<Model, K>>
  /** ONNX from pixels to predictions; `layers` become outputs, too. Kinds that take no calibration ignore the precision. */
  readonly compile: (model: Of<Model, K>, layers: readonly string[], precision?: Precision, target?: Target) => Uint8Array
  /** ONNX from pixels of a size to LayerCAM's maps of layers: see `layerCam`. Left out by kinds without layers. */
  readonly compileCam?: (model: Of<Model, K>, layers: readonly string[], canvas: Size) => Uint8Array
  /** Properties beside name, task, input and labels. May build the network. */
  readonly describe: (config: ConfigOf<K>) => Partial<Description>
  /** The layers that can be fetched. */
  readonly layers: (model: Of<Model, K>) => readonly LayerInfo[]
  /** Left out if the layers' cost is unknown. */
  readonly summarize?: (config: ConfigOf<K>) => ModelSummary
  /** Left out if the build makes no weights of this kind. */
  readonly weightsOrigin?: (config: ConfigOf<K>) => WeightsOrigin | undefined
}
