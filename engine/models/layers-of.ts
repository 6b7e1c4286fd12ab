import type { ModelConfig } from '../../models/config.ts'
import { listLayers, type LayerInfo } from '../../models/layers.ts'
import type { Model } from '../../models/model.ts'
import { isDetectorConfig } from '../tasks/detect.ts'
import { graphLayers } from './graph-layers.ts'

/** The values inside a model that can be fetched, in the order of the forward pass. Classifiers have none. */
export async function layersOf (model: Model): Promise<readonly LayerInfo[]> {
  if ('onnx' in model) return await graphLayers(model.onnx, model.config)
  return isDetectorConfig(model.config) ? listLayers(model.config as ModelConfig, model.stateDict.folded) : []
}
