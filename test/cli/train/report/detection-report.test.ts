import t from 'tap'
import { detectionReport, type DetectionRun } from '../../../../cli/train/report/detection-report.ts'
import { detectionData } from '../../../../cli/train/detection-data.ts'
import { cocoScores } from '../../../../cli/eval/coco-ap.ts'
import { detectionConfusion } from '../../../../cli/eval/confusion.ts'
import { CONFUSION_THRESHOLDS } from '../../../../cli/eval/measure-detector.ts'
import { labeledPhotos } from '../../../support/labeled-photos.ts'

const { photos, truth } = await labeledPhotos(3)
const facts = { width: 96, height: 96, orientation: 1, hash: 'x' }
const EPOCH = { epoch: 0, epochs: 1, losses: { loss: 1 }, rate: 0.1, score: 0.5, isBest: true, seconds: 1 }
const ODD = '<b>disc</b>'

t.test('everything about a run on one page', async t => {
  const folder = t.testdir(photos)
  const categories = [{ id: 1, name: ODD }, { id: 2, name: 'square' }]
  const set = { folder, dataset: { ...truth, categories, notes: [] }, photos: new Map(Object.keys(photos).map(file => [file, facts])) }
  const data = detectionData(set, set)
  const all = data.truth.annotations.map(({ iscrowd, area, ...annotation }) => ({ ...annotation, score: 0.9 }))
  const results = all.slice(0, 2)
  const confusion = detectionConfusion(data.truth, results, CONFUSION_THRESHOLDS)
  const scores = { model: 'street', images: 3, seconds: 1, unknown: [], notes: [], confusion }
  const run: DetectionRun = {
    model: 'street',
    command: 'nanodet train --images \'<photos>\'',
    facts: [['from', 'nanodet-m-416']],
    warnings: ['1 photo is odd'],
    data,
    steps: [{ epoch: 0, step: 1, steps: 1, losses: { loss: 1 }, rate: 0.1, gradientNorm: 1, photosPerSecond: 1 }],
    epochs: [{ report: EPOCH, measures: { AP: 0.5 } }],
    scores: { ...scores, ...cocoScores(data.truth, results), results },
    folder
  }
  const html = await detectionReport(run)
  for (const title of ['street: training', 'Data', 'Curves', 'Classes', 'Validation photos', 'Worst misses']) t.match(html, `>${title}</h`)
  t.notMatch(html, /<b>|<photos>/)
  t.match(html, '<figcaption>3.jpg: 1 missed</figcaption>')
  t.match(html, '<li>1 photo is odd</li>')
  t.match(await detectionReport({ ...run, scores: { ...run.scores!, results: all } }), 'None: the model finds every object, and nothing else.')
  t.notMatch(await detectionReport({ ...run, scores: undefined }), 'Validation photos')
})
