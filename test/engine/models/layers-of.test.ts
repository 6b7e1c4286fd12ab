import t from 'tap'
import { layersOf } from '../../../engine/models/layers-of.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { listLayers } from '../../../models/layers.ts'
import { detectorConfig, seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const model = seededModel(SMALL)

t.test('a detector of our layers has those of its network', async t => {
  const layers = await layersOf(model)
  t.ok(layers.length > 100)
  t.same(layers, listLayers(SMALL, false))
  const folded = await layersOf({ ...model, stateDict: { ...model.stateDict, folded: true } })
  t.ok(folded.length < layers.length, 'what lies before a folded batch norm is lost')
})

t.test('the graph of an ONNX file has its nodes\' results', async t => {
  const onnx = exportRaw(SMALL, weightsOf(model.stateDict))
  const layers = await layersOf({ kind: 'opaque', config: detectorConfig(onnx, 'graph'), onnx, layers: [] })
  t.match(layers.find(({ name }) => name === 'backbone.stage3.7'), { shape: [1, 96, 4, 6], stride: 16 })
})

t.test('a classifier has none', async t => {
  t.same(await layersOf(seededClassifier(SMALL_CLASSIFIER)), [])
  const config = { ...SMALL_CLASSIFIER, opaque: true, scores: 'logits' } as const
  t.same(await layersOf({ kind: 'opaque-classifier', config, onnx: new Uint8Array(0) }), [])
})
