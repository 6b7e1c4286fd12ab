import t from 'tap'
import { COCO_LABELS } from '../../models/labels.ts'
import { limitsOf } from '../../server/limits.ts'
import { readConfig } from '../../server/config.ts'
import { decodeOptions, recognize } from '../../server/recognize.ts'
import { photo } from '../support/files.ts'
import { startApp } from '../support/server.ts'

t.test('objects of an image, and a record of the run', async t => {
  const { app, engine } = await startApp(t)
  const service = { engine, limits: limitsOf(readConfig({})) }
  app.post('/test', async request => {
    const { model, labels, output } = await recognize(service, request, { image: photo('sample-me.jpg'), options: { maxDetections: 1 } })
    const unknown = await recognize(service, request, { image: photo('sample-me.jpg'), options: { classes: 'unicorn' } }).catch(error => error.name)
    return { model, count: labels.length, objects: output.objects.map(({ label }) => label), unknown, runs: request.record.runs }
  })
  t.match((await app.inject({ method: 'POST', url: '/test' })).json(), {
    model: 'nanodet-m-416',
    count: 80,
    objects: ['person'],
    unknown: 'LabelError',
    runs: [{ task: 'detect', model: 'nanodet-m-416', image: { width: 700, height: 700 }, objects: ['person'] }]
  })
})

t.test('options in the decoder\'s terms; the defaults where one is left out', async t => {
  t.same(decodeOptions({}, COCO_LABELS), { scoreThreshold: 0.35, iouThreshold: 0.6, maxDetections: 100, classes: undefined })
  t.match(decodeOptions({ scoreThreshold: undefined, iouThreshold: 0.2 }, COCO_LABELS), { scoreThreshold: 0.35, iouThreshold: 0.2 })
  t.same(decodeOptions({ classes: 'tie' }, COCO_LABELS).classes, [27])
  t.throws(() => decodeOptions({ classes: 'unicorn' }, COCO_LABELS), { name: 'LabelError' })
})
