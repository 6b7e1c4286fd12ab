import t from 'tap'
import { chooseDetector, detectOptions, reduceMode } from '../../server/detect-options.ts'
import { startApp } from '../support/server.ts'

t.test('a model by name, or the first', async t => {
  const { store } = await startApp(t, {}, { load: false })
  t.throws(() => chooseDetector(store), { code: 'NOT_READY' })
  t.throws(() => chooseDetector(store, 'yolo'), { code: 'MODEL_NOT_FOUND' })
  await store.load()
  const detector = chooseDetector(store)
  t.equal(chooseDetector(store, 'nanodet-m-416'), detector)
  const query = { score_threshold: 0.1, iou_threshold: 0.2, max_detections: 3 }
  const options = { maxPixels: 9, scoreThreshold: 0.1, iouThreshold: 0.2, maxDetections: 3 }
  t.match(detectOptions(query, detector, { maxPixels: 9 }), { ...options, classes: undefined })
  t.same(detectOptions({ ...query, classes: 'tie' }, detector, { maxPixels: 9 }), { ...options, classes: [27] })
})

t.test('reduce is a word or a channel', async t => {
  t.equal(reduceMode('eigen'), 'eigen')
  t.equal(reduceMode('12'), 12)
})
