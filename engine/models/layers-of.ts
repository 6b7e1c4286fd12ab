import { layersOf as knownLayers } from '../../models/kinds/kinds.ts'
import type { LayerInfo } from '../../models/layers.ts'
import type { Model } from '../../models/model.ts'
import { graphLayers } from './graph-layers.ts'

/** The layers of a model that can be fetched, in the order of the forward pass. Classifiers have none. */
export async function layersOf (model: Model): Promise<readonly LayerInfo[]> {
  return 'layers' in model ? await graphLayers(model.onnx, model.config) : knownLayers(model) // only the runtime knows a graph's shapes
}
