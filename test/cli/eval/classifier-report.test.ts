import t from 'tap'
import sharp from 'sharp'
import { classifierFiles, classifierJson, classifierText } from '../../../cli/eval/classifier-report.ts'
import { classConfusion } from '../../../cli/eval/confusion.ts'
import { PHOTOS } from '../../support/datasets.ts'

const LABELS = ['cat', 'dog']
const prediction = (file: string, classId: number, predicted: number, score: number) =>
  ({ file, classId, classes: [{ classId: predicted, label: LABELS[predicted]!, score }] })
const PREDICTIONS = [prediction('me.jpg', 0, 0, 0.9), prediction('three.jpg', 0, 0, 0.6), prediction('phone.jpg', 1, 0, 0.7), prediction('me.jpg', 1, 0, 0.8)]
const SCORES = {
  model: 'kinds',
  labels: LABELS,
  seconds: 0.5,
  top1: 0.5,
  top5: 1,
  classes: LABELS.map((label, i) => ({ label, images: 2, top1: 1 - i, top5: 1 })),
  confusion: classConfusion(LABELS, PREDICTIONS.map(({ classId, classes }) => [classId, classes[0]!.classId])),
  predictions: PREDICTIONS,
  notes: ['a note']
}

t.test('text, the hardest class first', async t => {
  const text = classifierText(SCORES)
  t.match(text, /^kinds: 4 images in 0\.5 s, 125\.0 ms per image\ntop-1 accuracy 0\.5000, top-5 accuracy 1\.0000\n/)
  t.ok(text.indexOf('│ dog') < text.indexOf('│ cat'))
  t.match(text, /\na note\n$/)
  const many = Array.from({ length: 21 }, (_, i) => ({ label: `c${i}`, images: 1, top1: 1, top5: 1 }))
  t.match(classifierText({ ...SCORES, classes: many }), '\n1 more classes have a higher top-1')
})

t.test('JSON', async t => t.match(classifierJson(SCORES), {
  model: 'kinds', images: 4, seconds: 0.5, ms_per_image: 125, top1: 0.5, top5: 1, classes: [{ class: 'cat', images: 2, top1: 1, top5: 1 }, { class: 'dog' }]
}))

t.test('files, with a sheet of the images', async t => {
  const files = await classifierFiles(SCORES, t.testdir(PHOTOS))
  t.same(Object.keys(files), ['metrics.json', 'per-class.csv', 'predictions.csv', 'confusion.csv', 'confusion.svg', 'predictions.jpg'])
  t.equal(files['per-class.csv'], 'class,images,top1,top5\ncat,2,1,1\ndog,2,0,1\n')
  t.match(files['predictions.csv'], /^file,true,predicted,score\nme\.jpg,cat,cat,0\.9000\n/)
  t.match(await sharp(files['predictions.jpg'] as Buffer).metadata(), { format: 'jpeg', width: 640 })
})
