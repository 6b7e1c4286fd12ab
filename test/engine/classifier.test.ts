import t from 'tap'
import { Classifier } from '../../engine/classifier.ts'
import { DetectorStore } from '../../engine/engine.ts'
import { loadModel } from '../../engine/models/load-model.ts'
import { photo } from '../support/files.ts'
import { seededClassifier, SMALL_CLASSIFIER } from '../support/model-files.ts'

t.test('classifier', async t => {
  const store = new DetectorStore([], { workers: 1, threads: 1 })
  t.teardown(() => store.close())
  const source = { kind: 'classifier', name: 'kinds', config: SMALL_CLASSIFIER, checkpoint: 'kinds.pth' } as const
  const classifier = await loadModel('kinds#1', source, seededClassifier(SMALL_CLASSIFIER), store.pools) as Classifier
  const classify = (bytes: Uint8Array, topK: number) => classifier.classify(bytes, { maxPixels: 50e6, topK })

  await t.test('names the classes, whose scores sum to 1', async t => {
    const { image, classes, times } = await classify(photo('sample-me.jpg'), 9)
    t.match(image, { width: 700, height: 700, format: 'jpeg' })
    t.same(classes.map(({ label }) => label).sort(), ['cat', 'cow', 'dog'])
    for (const { classId, label } of classes) t.equal(label, SMALL_CLASSIFIER.labels[classId])
    t.ok(Math.abs(classes.reduce((sum, { score }) => sum + score, 0) - 1) < 1e-6)
    t.ok(times.total >= times.inference && times.inference > 0)
  })

  await t.test('only as many as are wanted', async t => {
    t.equal((await classify(photo('sample-me.jpg'), 1)).classes.length, 1)
  })

  await t.test('what is no image is refused', t => t.rejects(classify(Buffer.from('text'), 1), { code: 'UNSUPPORTED_IMAGE' }))

  await t.test('nobody waits for it any more', async t => {
    const busy = classify(photo('sample-me.jpg'), 1)
    await t.rejects(classifier.classify(photo('sample-me.jpg'), { maxPixels: 50e6, topK: 1, signal: AbortSignal.abort() }), { name: 'AbortedError' })
    await busy
  })
})
