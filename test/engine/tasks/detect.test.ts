import { deserialize, serialize } from 'node:v8'
import t from 'tap'
import { DEFAULT_OPTIONS } from '../../../engine/options.ts'
import { detect } from '../../../engine/tasks/detect.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { buildOnImage } from '../../../models/network.ts'
import { toOnnx } from '../../../nn/onnx/to-onnx.ts'
import { describeModel, readModel } from '../../../models/kinds/kinds.ts'
import { ARTIFACT } from '../../support/built-in.ts'
import { photo } from '../../support/files.ts'
import { detectorConfig, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const { stateDict } = seededModel(SMALL)
const onnx = exportRaw(SMALL, weightsOf(stateDict))
const opaque = detectorConfig(onnx, 'graph')

t.test('all detectors support it, whatever their network is made of; classifiers do not', async t => {
  t.ok(detect.supports(describeModel({ kind: 'detector', config: SMALL })))
  t.ok(detect.supports(describeModel({ kind: 'opaque', config: opaque })))
  t.notOk(detect.supports(describeModel({ kind: 'classifier', config: SMALL_CLASSIFIER })))
})

t.test('what is prepared in one process is built and run in another', async t => {
  const prepared = deserialize(serialize(await detect.prepare(await readModel(ARTIFACT))))
  const pipeline = await detect.build(prepared, { threads: 1 })
  const { image, objects } = await detect.run(pipeline, { bytes: photo('sample-me.jpg'), maxPixels: 50e6, options: DEFAULT_OPTIONS })
  t.match(image, { width: 700, height: 700 })
  t.same(objects.map(({ label }) => label), ['person', 'tie'])
  await detect.release(pipeline)
})

t.test('the graph of an ONNX file detects as the network that it was exported from', async t => {
  const input = { bytes: photo('sample2.jpg'), maxPixels: 50e6, options: { ...DEFAULT_OPTIONS, scoreThreshold: 0.1 } }
  const find = async (model: Parameters<typeof detect.prepare>[0]) => {
    const pipeline = await detect.build(await detect.prepare(model), { threads: 1 })
    const { objects } = await detect.run(pipeline, input)
    await detect.release(pipeline)
    return objects.map(({ classId, score }) => [classId, score.toFixed(3)])
  }
  const ours = await find({ kind: 'detector', config: SMALL, stateDict })
  t.ok(ours.length > 0)
  t.same(await find({ kind: 'opaque', config: opaque, onnx, layers: [] }), ours)
})

t.test('a graph whose outputs are not what its config says is refused at the first run, with the key to set', async t => {
  const { predictions } = buildOnImage(SMALL, weightsOf(stateDict))
  const logits = toOnnx({ outputs: new Map([['output', predictions]]) })
  const build = async (onnx: Uint8Array, config = detectorConfig(onnx)) => {
    const pipeline = await detect.build(await detect.prepare({ kind: 'opaque', config, onnx, layers: [] }), { threads: 1 })
    await detect.release(pipeline)
  }
  await t.rejects(build(logits), { name: 'ModelFileError', message: /^graph: scores of a black image range from -?\d\S* to \S+, not from 0 to 1\. If they are logits, set "scores": "logits" in graph\.json/ })
  await t.resolves(build(logits, { ...detectorConfig(logits), scores: 'logits' }))
})

t.test('weights that do not fit are refused by name, when they are prepared', async t => {
  const parameters = new Map([...stateDict.parameters].slice(1))
  await t.rejects(detect.prepare({ kind: 'detector', config: SMALL, stateDict: { ...stateDict, parameters } }), {
    message: /parameter backbone\.conv1\.0\.weight \[24, 3, 3, 3\] is not in the checkpoint/
  })
  await t.rejects(detect.prepare({ ...seededModel(SMALL), config: { ...SMALL, labels: ['cat'] } }), { message: /gfl_cls/ })
})
