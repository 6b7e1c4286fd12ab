import t from 'tap'
import { COCO_LABELS } from '../../models/labels.ts'
import { decodeOptions, reduceMode } from '../../server/decode-options.ts'

t.test('a query in the decoder\'s terms', async t => {
  const query = { score_threshold: 0.1, iou_threshold: 0.2, max_detections: 3 }
  const options = { scoreThreshold: 0.1, iouThreshold: 0.2, maxDetections: 3 }
  t.same(decodeOptions(query, COCO_LABELS), { ...options, classes: undefined })
  t.same(decodeOptions({ ...query, classes: 'tie' }, COCO_LABELS), { ...options, classes: [27] })
  t.throws(() => decodeOptions({ ...query, classes: 'unicorn' }, COCO_LABELS), { name: 'LabelError' })
})

t.test('reduce is a word or a channel', async t => {
  t.equal(reduceMode('eigen'), 'eigen')
  t.equal(reduceMode('12'), 12)
})
