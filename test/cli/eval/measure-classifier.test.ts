import { PassThrough } from 'node:stream'
import t from 'tap'
import { isHit, measureClassifier } from '../../../cli/eval/measure-classifier.ts'
import { PHOTOS } from '../../support/datasets.ts'
import { safetensorsFile, seededClassifier, SMALL_CLASSIFIER } from '../../support/model-files.ts'

const io = { stdout: new PassThrough(), stderr: new PassThrough() }

t.test('counts images whose class is the first, or among the first five', async t => {
  const folder = t.testdir({ ...PHOTOS, 'kinds.safetensors': safetensorsFile(seededClassifier(SMALL_CLASSIFIER).stateDict) })
  const artifact = { kind: 'classifier', name: 'kinds', config: SMALL_CLASSIFIER, checkpoint: `${folder}/kinds.safetensors` } as const
  const images = Object.keys(PHOTOS).map(file => ({ file, classId: 0 }))
  const { predictions } = await measureClassifier(artifact, { images, notes: [] }, folder, io)
  const right = images.map(({ file }, i) => ({ file, classId: predictions[i]!.classes[0]!.classId }))
  const wrong = { file: right[0]!.file, classId: (right[0]!.classId + 1) % 3 }
  const scores = await measureClassifier(artifact, { images: [...right, wrong], notes: ['a note'] }, folder, io)
  t.match(scores, { model: 'kinds', labels: ['cat', 'dog', 'cow'], top1: 0.75, top5: 1, notes: ['a note'] })
  t.same(scores.predictions.map(isHit), [true, true, true, false])
  t.equal(scores.classes.reduce((sum, { images }) => sum + images, 0), 4)
  t.match(scores.classes.find(({ label }) => label === SMALL_CLASSIFIER.labels[wrong.classId]), { top5: 1 })
  t.equal(scores.confusion.counts.flat().reduce((a, b) => a + b, 0), 4)
})
