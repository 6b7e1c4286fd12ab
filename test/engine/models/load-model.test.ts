import t, { type Test } from 'tap'
import { Classifier } from '../../../engine/classifier.ts'
import { Detector } from '../../../engine/detector.ts'
import { DetectorStore } from '../../../engine/engine.ts'
import { loadModel } from '../../../engine/models/load-model.ts'
import { weightsOf } from '../../../models/checkpoints/state-dict.ts'
import { exportRaw } from '../../../models/export.ts'
import { guessOpaque } from '../../../models/opaque.ts'
import { photo } from '../../support/files.ts'
import { seededClassifier, seededModel, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

function poolsOf (t: Test) {
  const store = new DetectorStore([], { workers: 2, threads: 1 })
  t.teardown(() => store.close())
  return store.pools
}

const model = seededModel(SMALL)
const source = { kind: 'detector', name: 'small', config: SMALL, checkpoint: 'small.pth' } as const

t.test('what a model is decides what it can do', async t => {
  const pools = poolsOf(t)
  const onnx = exportRaw(SMALL, weightsOf(model.stateDict))
  const opaque = { kind: 'opaque', config: guessOpaque(onnx, 'graph'), onnx, layers: [] } as const
  const detector = await loadModel('a#1', source, model, pools)
  t.ok(detector instanceof Detector)
  t.equal(detector.source, source)
  t.equal(detector.config, SMALL)
  t.ok(await loadModel('b#1', { ...opaque, name: 'graph', checkpoint: 'graph.onnx' }, opaque, pools) instanceof Detector)
  const kinds = { kind: 'classifier', name: 'kinds', config: SMALL_CLASSIFIER, checkpoint: 'kinds.pth' } as const
  t.ok(await loadModel('c#1', kinds, seededClassifier(SMALL_CLASSIFIER), pools) instanceof Classifier)
})

t.test('what does not fit is in no worker', async t => {
  const pools = poolsOf(t)
  const config = { ...SMALL, labels: ['cat'] }
  await t.rejects(loadModel('a#1', source, { ...model, config }, pools), { name: 'WorkerError', message: /gfl_cls/ })
  const job = { type: 'detect', model: 'a#1', bytes: photo('sample-me.jpg'), maxPixels: 50e6 } as const
  await t.rejects(pools.detect.run({ ...job, options: { scoreThreshold: 0.3, iouThreshold: 0.6, maxDetections: 9 } }), { message: 'the model a#1 is not loaded' })
})
