import t from 'tap'
import { addressOf, shownRequest, stemOf } from '../../../../server/page/logic/shown-request.ts'
import { INITIAL } from '../../../../server/page/logic/state.ts'

t.test('the request follows what is on view', async t => {
  const address = (patch: object): string => addressOf(shownRequest({ ...INITIAL, ...patch }, 'a.jpg'))
  t.equal(address({}), 'detect')
  t.equal(address({ model: 'plus', score: 0.5, iou: 0.4, max: 3, classes: ['bus', 'traffic light'] }),
    'detect?model=plus&score_threshold=0.5&iou_threshold=0.4&max_detections=3&classes=bus,traffic+light')
  t.equal(address({ selected: '0-1-2-3', score: 0.5 }), 'explain?score_threshold=0.5')
  t.equal(address({ region: [1, 2.345, 3, 4], expected: 'bus' }), 'explain?region=1,2.35,3,4&label=bus')
  t.equal(address({ region: [1, 2, 3, 4], tab: 'compare' }), 'detect')
  t.equal(address({ expected: 'bus' }), 'detect', 'without a region, no object is expected anywhere')
  t.equal(address({ tab: 'network', layer: 'stage3' }), 'features?layers=stage3&format=overlay')
  t.equal(address({ tab: 'network', layer: 'stage3', reduce: '17', model: 'm', score: 0.5 }), 'features?model=m&layers=stage3&format=overlay&reduce=17')
  t.equal(address({ tab: 'boxes', layer: 'stage3' }), 'detect')
  t.equal(address({ precision: 'int8', score: 0.5 }), 'explain?score_threshold=0.5&precision=int8')
  t.equal(address({ tab: 'network', layer: 'p3', precision: 'int8' }), 'features?precision=int8&layers=p3&format=overlay')
  t.equal(shownRequest({ ...INITIAL, tab: 'network', layer: 'stage3' }, 'a.b.png').file, 'a.b.stage3.overlay.jpg')
})

t.test('names without extension', async t => {
  t.same(['a.jpg', 'a.b.jpeg', '.hidden', 'plain', 'with space.png', ''].map(stemOf), ['a', 'a.b', '.hidden', 'plain', 'with space', 'photo'])
})
