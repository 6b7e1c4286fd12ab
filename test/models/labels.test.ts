import t from 'tap'
import { COCO_LABELS } from '../../models/labels.ts'

t.test('COCO\'s order', async t => {
  t.equal(COCO_LABELS.length, 80)
  t.same([0, 9, 27, 79].map(i => COCO_LABELS[i]), ['person', 'traffic light', 'tie', 'toothbrush'])
})
