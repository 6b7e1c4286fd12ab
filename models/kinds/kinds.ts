/** Operations on models of any kind. */
import { basename } from 'node:path'
import type { Size } from '../../head/decode/boxes.ts'
import type { Artifact, DetectorArtifact } from '../artifact.ts'
import type { Precision } from '../calibration-table.ts'
import type { ConfigOfKind, WeightsOrigin } from '../config.ts'
import { ModelFileError } from '../errors.ts'
import { fileProblem } from '../file-problem.ts'
import type { LayerInfo } from '../layers.ts'
import type { DetectorModel, Model } from '../model.ts'
import type { ModelSummary } from '../summary.ts'
import { classifier } from './classifier.ts'
import { detector } from './detector.ts'
import type { Description, ModelKind, Target } from './kind.ts'
import { opaqueClassifier } from './opaque-classifier.ts'
import { opaque } from './opaque.ts'

type Kind = Model['kind']
const KINDS: { readonly [K in Kind]: ModelKind<K> } = {
  detector, opaque, classifier, 'opaque-classifier': opaqueClassifier
}

/** The kind of a model, a config or an artifact. */
export const kindOf = <K extends Kind>({ kind }: { readonly kind: K }): ModelKind<K> => KINDS[kind]

/** Whether a model detects; the others classify. */
export const isDetector = (artifact: Artifact): artifact is DetectorArtifact => kindOf(artifact).task === 'detect'

/**
 * Reads a model's weights, or its graph.
 * @throws ModelFileError naming the file and the problem
 */
export async function readModel<A extends Artifact> (artifact: A): Promise<Extract<Model, { kind: A['kind'] }>> {
  try {
    return await kindOf(artifact).read(artifact as never) as Extract<Model, { kind: A['kind'] }>
  } catch (error) {
    if (error instanceof ModelFileError) throw error
    throw new ModelFileError(basename(artifact.checkpoint), fileProblem(error), { cause: error })
  }
}

/**
 * Compiles a model to ONNX, from pixels to predictions.
 * @param layers layers of a detector to add as outputs
 * @param precision by default the model's, and fp32 for layers
 * @throws NetworkError if its parts, or the network and the calibration table, do not fit together
 */
export const compileModel = (model: Model, layers: readonly string[] = [], precision?: Precision, target?: Target): Uint8Array =>
  kindOf(model).compile(model as never, layers, precision, target)

/**
 * Compiles LayerCAM's maps of a detector's layers, from pixels of a size and the gradient of a score.
 * @throws NetworkError if an operator can't be differentiated
 */
export const compileCam = (model: DetectorModel, layers: readonly string[], canvas: Size): Uint8Array =>
  kindOf(model).compileCam!(model as never, layers, canvas)

const described = new WeakMap<object, Description>() // counting parameters builds the network

/** Public description of a model. */
export function describeModel (model: ConfigOfKind): Description {
  const description = described.get(model.config) ?? describe(model)
  described.set(model.config, description)
  return description
}

function describe (model: ConfigOfKind): Description {
  const { config: { name, input, labels } } = model
  const { task, describe } = kindOf(model)
  const weights = weightsOriginOf(model)
  return { name, task, input, labels: [...labels], ...describe(model.config as never), ...(weights && { weights }) }
}

/** The layers of a model that can be fetched, in the order of the forward pass. Classifiers have none. */
export const layersOf = (model: Model): readonly LayerInfo[] => kindOf(model).layers(model as never)

/** Cost of a model's layers, with batch norms not folded; undefined for graphs of ONNX files. Builds the network. */
export const summaryOf = (model: ConfigOfKind): ModelSummary | undefined =>
  kindOf(model).summarize?.(model.config as never)

/** Where the weights come from that the build makes for a model; undefined if it makes none. */
export const weightsOriginOf = (model: ConfigOfKind): WeightsOrigin | undefined =>
  kindOf(model).weightsOrigin?.(model.config as never)
