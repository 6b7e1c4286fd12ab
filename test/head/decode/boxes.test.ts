import t from 'tap'
import { clipBox, distance2bbox, iou } from '../../../head/decode/boxes.ts'

t.test('distances become corners, clipped to the image', async t => {
  t.same(distance2bbox(50, 40, [10, 20, 30, 5], { width: 100, height: 80 }), [40, 20, 80, 45])
  t.same(distance2bbox(50, 40, [60, 20, 60, 60], { width: 100, height: 80 }), [0, 20, 100, 80])
  t.same(clipBox([-1, -2, 200, 300], { width: 100, height: 80 }), [0, 0, 100, 80])
})

t.test('iou', async t => {
  t.equal(iou([0, 0, 10, 10], [0, 0, 10, 10]), 1)
  t.equal(iou([0, 0, 10, 10], [5, 0, 15, 10]), 1 / 3)
  t.equal(iou([0, 0, 10, 10], [10, 0, 20, 10]), 0)
  t.equal(iou([5, 5, 5, 5], [5, 5, 5, 5]), 0, 'boxes without area overlap with nothing')
})
