import type { ChosenLayer } from '../../models/choose-layers.ts'
import type { LayerInfo } from '../../models/layers.ts'

/** The stages of the backbone and the levels of the neck, in which regions are compared. Graphs of ONNX files have none that are known. */
export const explainedLayers = (layers: readonly LayerInfo[]): ChosenLayer[] =>
  layers.flatMap(layer => layer.alias !== undefined && /^(stage|p)\d+$/.test(layer.alias) ? [{ ...layer, label: layer.alias }] : [])
