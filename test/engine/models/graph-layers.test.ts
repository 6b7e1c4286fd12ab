import t from 'tap'
import { graphLayers } from '../../../engine/models/graph-layers.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { listLayers } from '../../../models/layers.ts'
import { inHalfPrecision, quantized } from '../../support/onnx-files.ts'
import { detectorConfig, seededModel, SMALL } from '../../support/model-files.ts'

const { stateDict } = seededModel(SMALL)
const onnx = exportRaw(SMALL, weightsOf(stateDict))
const config = detectorConfig(onnx, 'mine')

t.test('layers of an exported graph have the names and shapes of ours', async t => {
  const layers = new Map((await graphLayers(onnx, config)).map(layer => [layer.name, layer]))
  const ours = listLayers(SMALL, stateDict.folded).filter(({ name }) => layers.has(name))
  t.ok(ours.length > 100, `${ours.length} layers`)
  for (const { name, shape, stride } of ours) {
    t.same(layers.get(name)!.shape, shape, name)
    if (shape.length === 4 && stride !== undefined) t.equal(layers.get(name)!.stride, stride, name)
  }
})

t.test('feature maps have a stride, other values have none', async t => {
  const layers = await graphLayers(onnx, config)
  t.match(layers.find(({ name }) => name === 'backbone.stage3.7'), { shape: [1, 96, 4, 6], stride: 16, dtype: 'float32', parameters: 0 })
  t.ok(layers.filter(({ shape }) => shape.length < 4).every(({ stride }) => stride === undefined))
})

t.test('quantized and half graphs have layers, all in float32', async t => {
  for (const bytes of [quantized(onnx), inHalfPrecision(onnx)]) {
    const layers = await graphLayers(bytes, config)
    t.match(layers.find(({ name }) => name === 'backbone.stage3.7'), { shape: [1, 96, 4, 6], stride: 16, dtype: 'float32' })
    t.notOk(layers.some(({ name }) => name.endsWith('_quantized')))
  }
})

t.test('bytes that are not a graph are refused', t => t.rejects(graphLayers(new Uint8Array(20), config), { name: 'OnnxError' }))
