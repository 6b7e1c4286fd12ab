import t from 'tap'
import { detectQuery, featuresQuery } from '../../server/schemas.ts'

t.test('numbers come as text; empty text is no number', async t => {
  t.match(detectQuery.parse({ score_threshold: '0.5', max_detections: '3' }), { score_threshold: 0.5, iou_threshold: 0.6, max_detections: 3 })
  for (const value of ['', 'x', '-1', '1.1']) t.notOk(detectQuery.safeParse({ score_threshold: value }).success, value)
  t.notOk(detectQuery.safeParse({ max_detections: '1.5' }).success)
})

t.test('a parameter that there is not is an error', async t => {
  t.notOk(detectQuery.safeParse({ threshold: '0.5' }).success)
  t.notOk(featuresQuery.safeParse({ features: 'p3' }).success)
})

t.test('what features are made into', async t => {
  t.match(featuresQuery.parse({}), { layers: 'stage2,stage3,stage4', values: 'false', channels: 64, reduce: 'l2' })
  t.equal(featuresQuery.parse({ reduce: '12' }).reduce, '12')
  t.notOk(featuresQuery.safeParse({ reduce: 'median' }).success)
  t.notOk(featuresQuery.safeParse({ channels: '0' }).success)
})
