import t from 'tap'
import { detectParameters, featuresParameters } from '../../server/schemas.ts'

t.test('numbers come as text; empty text is no number', async t => {
  t.match(detectParameters.parse({ score_threshold: '0.5', max_detections: '3' }), { score_threshold: 0.5, iou_threshold: 0.6, max_detections: 3 })
  for (const value of ['', 'x', '-1', '1.1']) t.notOk(detectParameters.safeParse({ score_threshold: value }).success, value)
  t.notOk(detectParameters.safeParse({ max_detections: '1.5' }).success)
})

t.test('a parameter that there is not is an error', async t => {
  t.notOk(detectParameters.safeParse({ threshold: '0.5' }).success)
  t.notOk(featuresParameters.safeParse({ features: 'p3' }).success)
})

t.test('what features are made into', async t => {
  t.match(featuresParameters.parse({}), { layers: 'stage2,stage3,stage4', values: false, channels: 64, reduce: 'l2' })
  t.equal(featuresParameters.parse({ reduce: '12' }).reduce, '12')
  t.notOk(featuresParameters.safeParse({ reduce: 'median' }).success)
  t.notOk(featuresParameters.safeParse({ channels: '0' }).success)
})

t.test('names and lists of them have limits, which the message names', async t => {
  const problem = (query: object): string | undefined => featuresParameters.safeParse(query).error?.issues[0]?.message
  const names = (count: number): string => Array.from({ length: count }, (_, i) => i.toString(36)).join()
  t.equal(problem({ layers: names(256) }), undefined)
  t.match(problem({ layers: names(257) }), /at most 256 names/)
  t.equal(problem({ layers: `p3,${'x'.repeat(256)}`, classes: 'y'.repeat(256), model: 'z'.repeat(256) }), undefined)
  t.match(problem({ layers: `p3,${'x'.repeat(257)}` }), /at most 256 characters/)
  t.match(problem({ classes: `${'x'.repeat(200)},`.repeat(21) }), /4096/)
  t.match(problem({ model: 'x'.repeat(257) }), /256/)
  t.match(problem({ reduce: '1'.repeat(10) }), /number of a channel/)
  t.match(detectParameters.safeParse({ features: 'x'.repeat(5000) }).error?.issues[0]?.message, /4096/)
})
