import t from 'tap'
import { detectOptions, reduceMode, useDetector } from '../../server/detect-options.ts'
import { startApp } from '../support/server.ts'

t.test('a model by name, or the first', async t => {
  const { store } = await startApp(t, {}, { load: false })
  const nameOf = (name?: string): Promise<string> => useDetector(store, name, async ({ config }) => config.name)
  await t.rejects(nameOf(), { code: 'NOT_READY' })
  await t.rejects(nameOf('yolo'), { name: 'UnknownModelError' })
  await store.start()
  t.equal(await nameOf(), 'nanodet-m-416')
  t.equal(await nameOf('nanodet-m-416'), 'nanodet-m-416')
})

t.test('a query in the detector\'s terms', async t => {
  const { store } = await startApp(t)
  const query = { score_threshold: 0.1, iou_threshold: 0.2, max_detections: 3 }
  const options = { maxPixels: 9, scoreThreshold: 0.1, iouThreshold: 0.2, maxDetections: 3 }
  await useDetector(store, undefined, async detector => {
    t.match(detectOptions(query, detector, { maxPixels: 9 }), { ...options, classes: undefined })
    t.same(detectOptions({ ...query, classes: 'tie' }, detector, { maxPixels: 9 }), { ...options, classes: [27] })
  })
})

t.test('reduce is a word or a channel', async t => {
  t.equal(reduceMode('eigen'), 'eigen')
  t.equal(reduceMode('12'), 12)
})
