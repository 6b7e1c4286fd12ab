import { deserialize, serialize } from 'node:v8'
import t from 'tap'
import { classify } from '../../../engine/tasks/classify.ts'
import { describeModel } from '../../../models/kinds/kinds.ts'
import { photo } from '../../support/files.ts'
import { seededClassifier, SMALL, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const model = seededClassifier(SMALL_CLASSIFIER)

t.test('classifiers support it, detectors do not', async t => {
  t.ok(classify.supports(describeModel({ kind: 'classifier', config: SMALL_CLASSIFIER })))
  t.notOk(classify.supports(describeModel({ kind: 'detector', config: SMALL })))
})

t.test('what is prepared in one process is built and run in another', async t => {
  const prepared = deserialize(serialize(await classify.prepare(model)))
  const pipeline = await classify.build(prepared, { threads: 1 })
  const { image, classes } = await classify.run(pipeline, { bytes: photo('sample-me.jpg'), maxPixels: 50e6, topK: 2 })
  t.match(image, { width: 700, height: 700, format: 'jpeg' })
  t.equal(classes.length, 2)
  await classify.release(pipeline)
})

t.test('weights that do not fit are refused when they are prepared', t =>
  t.rejects(classify.prepare({ ...model, config: { ...SMALL_CLASSIFIER, labels: ['cat'] } }), { message: /fc\.weight/ }))
