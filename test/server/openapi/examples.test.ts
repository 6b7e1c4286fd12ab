import t from 'tap'
import { COCO, CSV, HUGGING_FACE, NODE_RED, OBJECTS, PIXEL, ULTRALYTICS, YOLO } from '../../../server/openapi/examples.ts'
import { FORMATS, isPicture, type FormatName } from '../../../server/formats/formats.ts'
import { FOUND } from '../../support/found.ts'
import { startApp } from '../../support/server.ts'

t.test('examples are what the formats make of sample-me.jpg', async t => {
  const examples: Partial<Record<FormatName, unknown>> = {
    json: OBJECTS, coco: COCO, csv: CSV, yolo: YOLO, ultralytics: ULTRALYTICS, huggingface: HUGGING_FACE, 'node-red': NODE_RED
  }
  for (const [name, format] of Object.entries(FORMATS)) {
    if (!isPicture(format)) t.same(format.write(FOUND, 42), examples[name as FormatName], name)
  }
})

t.test('the smallest image is taken', async t => {
  const { app } = await startApp(t)
  const reply = await app.inject({ method: 'POST', url: '/detect', payload: JSON.stringify({ image: PIXEL }) })
  t.match(reply.json(), { image: { width: 1, height: 1 }, detections: [] })
})
