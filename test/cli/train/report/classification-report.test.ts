import t from 'tap'
import { classificationReport, type ClassificationReport } from '../../../../cli/train/report/classification-report.ts'
import { drawClasses } from '../../../support/class-photos.ts'

const folder = await drawClasses(t.testdir(), { checks: 2, rows: 1 }, 'report')
const losses = { loss: 1, accuracy: 0.5 }
const step = { epoch: 0, step: 1, steps: 1, losses, rate: 0.1, gradientNorm: 1, photosPerSecond: 10 }
const epoch = { epoch: 0, epochs: 1, losses, rate: 0.1, score: 0.5, isBest: true, seconds: 1 }
const found = (label: string, classId: number) => [{ label, classId, score: 0.9 }]
const RUN: ClassificationReport = {
  model: 'patterns',
  command: 'nanodet train',
  facts: [['from', 'random weights']],
  warnings: ['classes with fewer than 10 photos: checks, rows'],
  data: { labels: ['checks', 'rows'], train: [{ path: 'a.jpg', label: 0 }], validation: [{ path: 'b.jpg', label: 1 }] },
  steps: [step],
  epochs: [{ report: epoch, measures: { 'top-1': 0.5 } }],
  scores: {
    model: 'patterns',
    labels: ['checks', 'rows'],
    seconds: 1,
    top1: 2 / 3,
    top5: 1,
    classes: [{ label: 'checks', images: 2, top1: 0.5, top5: 1 }, { label: 'rows', images: 1, top1: 1, top5: 1 }],
    confusion: { labels: ['checks', 'rows'], counts: [[1, 1], [0, 1]] },
    predictions: [
      { file: 'checks/0.jpg', classId: 0, classes: found('checks', 0) },
      { file: 'checks/1.jpg', classId: 0, classes: found('rows', 1) },
      { file: 'rows/0.jpg', classId: 1, classes: found('rows', 1) }
    ],
    notes: []
  },
  folder
}

t.test('a page with data, curves, classes, confusion and a sheet of predictions', async t => {
  const page = await classificationReport(RUN)
  const parts = ['patterns: training', 'random weights', 'classes with fewer than 10', 'Learning rate', 'Rows: true class', '0.5', 'data:image/jpeg;base64,']
  for (const part of parts) t.ok(page.includes(part), part)
})

t.test('without validation photos, no accuracy', async t => {
  const page = await classificationReport({ ...RUN, scores: undefined })
  t.notOk(page.includes('Rows: true class'))
  t.ok(page.includes('Curves'))
})
