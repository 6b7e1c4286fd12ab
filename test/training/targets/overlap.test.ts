import t from 'tap'
import { iou } from '../../../head/decode/boxes.ts'
import { overlap } from '../../../training/targets/overlap.ts'

t.test('equals the IoU of detections', async t => {
  t.equal(overlap([0, 0, 4, 4], 2, 1, 6, 5), iou([0, 0, 4, 4], [2, 1, 6, 5]))
  t.equal(overlap([0, 0, 4, 4], 4, 0, 6, 5), 0)
  t.equal(overlap([1, 1, 1, 1], 1, 1, 1, 1), 0)
})
