import { layersOf as knownLayers } from '../../models/kinds/kinds.ts'
import type { LayerInfo } from '../../models/layers.ts'
import type { DetectorModel, Model } from '../../models/model.ts'
import { graphLayers } from './graph-layers.ts'

/** The values inside a model that can be fetched, in the order of the forward pass. Classifiers have none. */
export async function layersOf (model: Model): Promise<readonly LayerInfo[]> {
  if ('onnx' in model) return await graphLayers(model.onnx, model.config) // only the runtime knows the shapes
  return 'head' in model.config ? knownLayers(model as DetectorModel) : []
}
